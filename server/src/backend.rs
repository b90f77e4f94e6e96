//! The back end as one value: every service, built from the configuration on one ground. Handed to routes and pages.

use crate::{
    alerts::{Alerts, Channel},
    api_keys::ApiKeys,
    at_rest::AtRest,
    audit::Audit,
    chance::Chance,
    clock::Clock,
    config::Config,
    dashboard::Dashboards,
    db::Db,
    demo::Demo,
    ground::Ground,
    http::{assets::Site, visits::Visits},
    identity::{Identity, Passwords, Tokens},
    keys::Keys,
    limits::Limits,
    links::Links,
    lockout::Lockout,
    mail::Mailer,
    outbox::Worker,
    outside::Redis,
    people::{People, import::Imports},
    privacy::Privacy,
    providers::Providers,
    roles::Roles,
    second_factor::{Courier, RelyingParty, SecondFactors},
    setup::Setup,
    sms::Sms,
    vault::Vault,
};
use std::{ops::Deref, sync::Arc};

/// Every service of the back end.
#[derive(Debug, Clone)]
pub struct Backend(Arc<Services>);

#[derive(Debug)]
pub struct Services {
    pub config: Config,
    pub ground: Ground,
    pub audit: Audit,
    pub site: Site,
    pub passwords: Passwords,
    pub identity: Identity,
    pub api_keys: ApiKeys,
    pub limits: Limits,
    pub links: Links,
    pub lockout: Lockout,
    pub people: People,
    pub imports: Imports,
    pub privacy: Privacy,
    pub providers: Providers,
    pub roles: Roles,
    pub dashboards: Dashboards,
    pub demo: Demo,
    pub setup: Setup,
    pub mailer: Mailer,
    pub second_factors: SecondFactors,
    pub alerts: Alerts,
    /// Where it is set; and whether it answers.
    pub redis: Redis,
    pub visits: Visits,
    courier: Courier,
    channel: Channel,
}

impl Backend {
    /// Builds the services on an open database and puts the built-in roles in place.
    pub async fn build(
        config: Config,
        db: Db,
        clock: Clock,
        chance: Chance,
        keys: &Keys,
        site: Site,
    ) -> anyhow::Result<Self> {
        let ground = Ground::on(db, clock, chance, keys, &config);
        let at_rest = AtRest::begin(&ground, &keys.personal, config.encrypt_personal_data).await?;
        let ground = ground.keeping(at_rest);
        let audit = Audit::new(ground.clone(), config.audit, &config.data_dir);
        audit.begin_chain().await?;
        let passwords = Passwords::new(config.passwords, ground.chance.clone())?;
        let tokens = Tokens::new(keys.signing.clone(), ground.chance.clone());
        let vault = Vault::new(&keys.data, ground.chance.clone())?;
        let redis = Redis::from_config(&config, ground.clock.clone())?;
        let lockout = Lockout::new(ground.clone(), config.lockout, config.limits, vault.clone());
        let mailer = Mailer::from_config(&config)?;
        let sms = Sms::from_config(&config, ground.clock.clone())?;
        let channel = Channel::new(&config, ground.clock.clone(), mailer.clone());
        let people = People::new(ground.clone(), passwords.clone(), lockout.clone());
        let roles = Roles::new(ground.clone(), config.sessions.idle());
        roles.add_built_in().await?;
        let party = RelyingParty::at(&config.public_url);
        let second_factors =
            SecondFactors::new(ground.clone(), vault.clone(), sms.is_set_up(), party, config.limits);
        let identity = Identity::new(
            ground.clone(),
            passwords.clone(),
            tokens,
            config.sessions,
            lockout.clone(),
            second_factors.clone(),
            vault.clone(),
            config.security.clone(),
        );
        let limits = Limits::new(ground.clone(), config.limits, redis.clone(), vault.clone());
        let links = Links::new(&ground, &people, &passwords, &lockout, &limits, &vault, &config);
        let imports = Imports::new(
            ground.clone(),
            passwords.clone(),
            links.clone(),
            roles.clone(),
            vault.clone(),
            config.imports,
        );
        let privacy = Privacy::new(
            ground.clone(),
            audit.clone(),
            lockout.clone(),
            second_factors.clone(),
            config.retention,
        );
        Ok(Self(Arc::new(Services {
            imports,
            privacy,
            audit,
            api_keys: ApiKeys::new(ground.clone(), vault.clone(), config.api.clone()),
            providers: Providers::new(
                ground.clone(),
                vault.clone(),
                identity.clone(),
                people.clone(),
                &config,
            )?,
            identity,
            alerts: Alerts::new(ground.clone(), config.alerts.clone(), channel.clone()),
            channel,
            limits,
            links,
            visits: Visits::new(ground.clone(), redis.clone(), vault.clone()),
            redis,
            dashboards: Dashboards::new(ground.clone()),
            demo: Demo::new(ground.clone(), passwords.clone(), lockout.clone(), config.data_dir.clone()),
            lockout,
            setup: Setup::new(people.clone(), passwords.clone(), ground.chance.token()),
            second_factors,
            courier: Courier::new(ground.clock.clone(), vault, mailer.clone(), sms, &config.public_url),
            mailer,
            people,
            roles,
            passwords,
            ground,
            site,
            config,
        })))
    }

    /// Seals what was recorded and lets go of the database: the last thing that every command does.
    pub async fn close(&self) {
        self.audit.seal_at_the_end().await;
        self.ground.db.close().await;
    }

    pub fn worker(&self) -> Worker {
        // In development the mail box shows letters as they were, links and codes with them.
        let (mailer, courier) = (self.mailer.clone(), self.courier.clone());
        let (channel, links) = (self.channel.clone(), self.links.clone());
        Worker::new(self.ground.clone(), mailer, courier, channel, links, self.config.development)
    }
}

impl Deref for Backend {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}
