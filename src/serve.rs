//! Serving: configuration becomes a store, services, routers and a running process, and all of it ends in order.

use crate::console;
use anyhow::{Context, Result};
use axum::{Router, middleware::from_fn_with_state};
use server::{
    Backend,
    chance::Chance,
    clock::Clock,
    config::{AdminSecondFactor, Config, RegistrationMode},
    db::Db,
    demo,
    http::{
        assets::{File, Site},
        caller, guard, listen, metrics, router,
    },
    keys::Keys,
    permit::Operator,
};
use std::{fs::DirBuilder, net::SocketAddr, os::unix::fs::DirBuilderExt, path::PathBuf, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    sync::watch,
};

include!(concat!(env!("OUT_DIR"), "/site.rs"));

const UPKEEP_EVERY: Duration = Duration::from_secs(60);
const WATCH_EVERY: Duration = Duration::from_secs(5);
/// One that comes and goes is not to fill the log.
const AFTER_A_LOSS: Duration = Duration::from_millis(250);
const METRICS_EVERY: Duration = Duration::from_secs(5);
/// How long the worker and the database may take to end after the last request, beyond what a letter on its way has.
const LAST_WAIT: Duration = Duration::from_secs(5);

/// The site as it was built in, or the folder that a development build writes.
pub fn site() -> Site {
    match EMBEDDED {
        Some((hash, files)) => Site::Embedded { hash, files },
        None => Site::Folder(PathBuf::from("target/site")),
    }
}

/// Everything a request can reach: pages, server functions, the API, files, signs of life, and the guard around them.
pub fn routes(backend: &Backend) -> Router {
    surround(router::routes(backend).merge(app::shell::routes(backend)), backend)
}

/// What every request passes before it reaches one of the routes.
pub fn surround(routes: Router, backend: &Backend) -> Router {
    guard::enclose(routes, backend)
        .layer(from_fn_with_state(backend.clone(), app::faces::draw_failures))
        .layer(from_fn_with_state(backend.clone(), caller::identify))
}

/// Opens the store and builds the back end. Every command begins with it, so each brings the database up to date first.
pub async fn open(config: Config) -> Result<Backend> {
    let (keys, db, chance) = prepare(&config).await?;
    Backend::build(config, db, Clock::of_the_machine(), chance, &keys, site()).await
}

/// The keys and the open store, as they are before anything stands on them.
pub async fn prepare(config: &Config) -> Result<(Keys, Db, Chance)> {
    let folder = &config.data_dir;
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
    let chance = Chance::of_the_machine()?;
    let keys = Keys::load_or_create(folder, &chance)?;
    let db = Db::open(&config.database()).await.map_err(|error| {
        anyhow::anyhow!(
            "the database {} cannot be opened: {error}",
            server::config::Secret::new(config.database()).masked()
        )
    })?;
    Ok((keys, db, chance))
}

/// Serves until the process is told to stop.
pub async fn run(mut config: Config, demo: bool) -> Result<()> {
    // First of all, so that a stop during the start is as orderly as a later one.
    let signals = StopSignals::listen()?;
    // A demo is there to be looked at: with the gallery and the mail box.
    config.development |= demo;
    if demo {
        // Its accounts have no second factor; what is set counts all the same.
        config.security.admin_second_factor.get_or_insert(AdminSecondFactor::IfEnrolled);
        config.registration.mode = RegistrationMode::Open;
        // Its people were made long ago on purpose.
        config.retention.people_days = 0;
    }
    let backend = open(config).await?;
    if demo {
        backend.demo.load_company(&Operator::of_this_machine()).await?;
    }
    backend.redis.look().await;
    let listener = bind(backend.config.listen).await?;
    let address = listener.local_addr()?;
    announce(&backend, address, demo).await?;

    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(backend.worker().run(stopped.clone()));
    let importing = tokio::spawn(backend.imports.clone().run(stopped.clone()));
    let sealing = tokio::spawn(keep_sealed(backend.clone(), stopped.clone()));
    let upkeep = tokio::spawn(keep_up(backend.clone(), stopped.clone()));
    let watching = tokio::spawn(keep_watch(backend.clone(), stopped.clone()));
    let redis = tokio::spawn(keep_redis(backend.clone(), stopped.clone()));
    let measuring = tokio::spawn(keep_metrics_small(stopped));
    let until = async {
        tokio::select! {
            () = signals.heard() => {}
            () = overtaken(&backend) => {}
        }
    };
    listen::serve(listener, routes(&backend), until).await?;

    tracing::info!("stopping: no new requests, finishing what is under way");
    stop.send_replace(true);
    let rest = async {
        let _ = tokio::join!(worker, importing, sealing, upkeep, watching, redis, measuring);
        backend.close().await;
    };
    if tokio::time::timeout(backend.config.mail.timeout() + LAST_WAIT, rest).await.is_err() {
        tracing::warn!("work that did not end in time was left; it will be done after the next start");
    }
    tracing::info!("stopped");
    Ok(())
}

async fn bind(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}; is another program there? Set COUNTERSIGN_LISTEN to another address"
        )
    })
}

async fn announce(backend: &Backend, address: SocketAddr, demo: bool) -> Result<()> {
    tracing::info!(%address, database = backend.ground.db.engine(), version = env!("CARGO_PKG_VERSION"), "listening");
    if backend.setup.is_due().await? {
        let page = format!("{}/setup", backend.config.public_url.trim_end_matches('/'));
        tracing::warn!(
            page,
            token = backend.setup.token(),
            "nobody can sign in yet: open the page and enter this one-time token"
        );
    }
    if demo {
        console::greet(&format!("http://{address}"), &demo::accounts(&backend.config.data_dir));
    }
    Ok(())
}

/// Forgets what has expired, now and then.
async fn keep_up(backend: Backend, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        for outcome in [
            backend.identity.forget_expired().await,
            backend.lockout.forget_old().await,
            backend.identity.rotate_keys_when_due(backend.config.security.rotate_keys_after_days).await,
            backend.second_factors.forget_expired().await,
            backend.providers.forget_expired().await,
            backend.links.forget_expired().await,
            backend.links.forget_unverified().await,
            backend.privacy.keep_to_retention().await,
            backend.api_keys.remind().await,
            backend.api_keys.forget_old().await,
            backend.imports.forget_old().await,
            backend.visits.forget_expired().await,
            backend.audit.forget_old().await,
            backend.alerts.look_at_the_trail(&backend.audit).await,
        ] {
            if let Err(error) = outcome {
                error.log();
            }
        }
        tokio::select! {
            () = tokio::time::sleep(UPKEEP_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Gives the entries of the trail their places in its chain, soon after they were written.
async fn keep_sealed(backend: Backend, stopped: watch::Receiver<bool>) {
    backend.audit.keep_sealed(stopped).await;
}

/// Looks for what somebody should be told at once.
async fn keep_watch(backend: Backend, mut stopped: watch::Receiver<bool>) {
    let mut database = backend.alerts.watch();
    while !*stopped.borrow() {
        database.look().await;
        if let Err(error) = backend.alerts.look_for_bursts().await {
            error.log();
        }
        tokio::select! {
            () = tokio::time::sleep(WATCH_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Looks after Redis: more often while it is away, and soon when an answer is missing.
async fn keep_redis(backend: Backend, mut stopped: watch::Receiver<bool>) {
    if !backend.redis.is_set() {
        return;
    }
    let mut redis = backend.alerts.watch_redis(backend.redis.clone());
    while !*stopped.borrow() {
        let pause = redis.look().await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = backend.redis.lost() => tokio::time::sleep(AFTER_A_LOSS).await,
            _ = stopped.changed() => {}
        }
    }
}

/// Ends when the store was written anew under the feet of this server, which would go on to write as it was before.
async fn overtaken(backend: &Backend) {
    let db = &backend.ground.db;
    loop {
        tokio::time::sleep(WATCH_EVERY).await;
        // A database that is away is somebody else's matter.
        if let Ok(false) = db.at_rest().still_holds(db).await {
            tracing::error!(
                "names and addresses are kept in another way than when this server started; set encrypt_personal_data as it is now, and start again"
            );
            return;
        }
    }
}

async fn keep_metrics_small(mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        metrics::keep_up();
        tokio::select! {
            () = tokio::time::sleep(METRICS_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// The signals that ask the program to stop. They are heard from the moment this is made.
struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    fn listen() -> Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn heard(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
