//! TLS for servers of tests, with a certificate that stands for itself. `openssl` makes it, as for the mail server.

use std::{fs, io, net::SocketAddr, path::Path, process::Command, sync::Arc, sync::OnceLock};
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
    server::TlsStream,
};

/// For the name alone: asked for at its address, the certificate is another's.
const SETTINGS: &str = "[req]
distinguished_name = name
x509_extensions = extensions
prompt = no
[name]
CN = localhost
[extensions]
basicConstraints = critical, CA:FALSE
subjectAltName = DNS:localhost
";

/// A listener that shakes hands before a connection counts. Whoever does not trust it is gone, and the next may come.
pub(super) struct Listener {
    pub listener: TcpListener,
    pub acceptor: TlsAcceptor,
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// Where the certificate of all servers of this process lies.
pub(super) fn certificate() -> &'static Path {
    static FOLDER: OnceLock<(TempDir, Box<Path>)> = OnceLock::new();
    let (_, certificate) = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let [settings, key, certificate] =
            ["openssl.cnf", "key.pem", "certificate.pem"].map(|name| folder.path().join(name));
        fs::write(&settings, SETTINGS).unwrap();
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
            .args(["-days", "1", "-config"])
            .arg(settings)
            .arg("-keyout")
            .arg(key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .expect("openssl is not installed; `make test` installs it");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        (folder, certificate.into_boxed_path())
    });
    certificate
}

pub(super) fn acceptor() -> TlsAcceptor {
    let shown = CertificateDer::from_pem_file(certificate()).unwrap();
    let key = PrivateKeyDer::from_pem_file(certificate().with_file_name("key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![shown], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}
