//! Providers behind TLS: nothing is said to one whose certificate is not trusted, the person is told in friendly words and the
//! operator why; an authority of one's own is trusted where it is named.

use crate::{
    provider_support::{alice, session},
    support::routes,
};
use server::{
    Error,
    config::Config,
    testing::{Engine, TestApp, TestProvider},
};
use std::{
    io::Write,
    path::PathBuf,
    sync::{Arc, Mutex},
};

const AWAY: &str =
    "Acme does not answer right now. Try again in a few moments, or sign in with your password.";

fn with_tls(config: &mut Config) {
    TestProvider::set_up_with_tls(config);
}

fn trusting_its_certificate(config: &mut Config) {
    with_tls(config);
    config.oidc.get_mut("acme").unwrap().ca_file = TestProvider::certificate().to_owned();
}

/// Asked for by another name than the one that the certificate is for.
fn by_another_name(config: &mut Config) {
    trusting_its_certificate(config);
    let acme = config.oidc.get_mut("acme").unwrap();
    acme.issuer = acme.issuer.replace("localhost", "127.0.0.1");
}

/// Begins a sign-in, which must fail; gives back what stood in the way.
async fn cause(app: &TestApp) -> String {
    let error = app.backend.providers.begin("acme", "/people", None).await.expect_err("it was trusted");
    assert_eq!((error.told().status, error.told().message.as_str()), (503, AWAY));
    assert_eq!(app.count("select count(*) from provider_attempts").await, 0);
    let Error::ProviderAway { cause, .. } = error else { panic!("{error}") };
    cause
}

server::both_engines! { routes, with_tls;
    async fn a12_a_certificate_that_nobody_vouches_for_is_not_trusted(app) {
        let cause = cause(app).await;
        assert!(cause.contains("invalid peer certificate"), "{cause}");
        // Not even the first request got through.
        assert_eq!(TestProvider::of(app).asked_for("document"), 0);
    }
}

server::both_engines! { routes, by_another_name;
    async fn a12_a_certificate_for_another_name_is_not_trusted(app) {
        let cause = cause(app).await;
        assert!(cause.contains("invalid peer certificate") && cause.contains("not valid for name"), "{cause}");
    }
}

server::both_engines! { routes, trusting_its_certificate;
    async fn a12_an_authority_of_ones_own_is_trusted_where_it_is_named(app) {
        let id = app.add("alice", "Alice Ng", &["USER_ADMIN"]).await;
        assert_eq!(session(app, &alice()).await.actor.id(), id);
    }
}

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a12_the_operator_reads_why_a_provider_is_not_trusted() {
    let app = TestApp::configured(Engine::Sqlite, with_tls, routes).await;
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let listening = tracing::subscriber::set_default(subscriber);
    cause(&app).await;
    drop(listening);
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        said.contains("a sign-in with a provider was refused") && said.contains("provider=\"acme\""),
        "{said}"
    );
    assert!(said.contains("it cannot be reached: invalid peer certificate"), "{said}");
    app.finish().await;
}

#[tokio::test]
async fn a12_a_file_without_certificates_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, broken) = (folder.path().join("empty.pem"), folder.path().join("broken.pem"));
    std::fs::write(&empty, "nothing").unwrap();
    std::fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAQAB\n-----END CERTIFICATE-----\n").unwrap();
    for (file, words) in [
        (PathBuf::from("nothing.pem"), "oidc.acme.ca_file nothing.pem cannot be read"),
        (empty, "holds no certificate in PEM"),
        (broken, "holds a certificate that cannot be read"),
    ] {
        let error = server::outside::Authorities::of_file("oidc.acme.ca_file", &file).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}
