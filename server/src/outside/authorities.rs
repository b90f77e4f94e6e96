//! Authorities of one's own that vouch for services outside, beside those that browsers trust.

use anyhow::{Context, ensure};
use std::{path::Path, sync::Arc};
use tokio_rustls::rustls::{
    RootCertStore,
    pki_types::{CertificateDer, TrustAnchor, pem::PemObject},
};

/// Read once, when the program starts. None: the public ones alone.
#[derive(Debug, Clone, Default)]
pub struct Authorities(Arc<Vec<TrustAnchor<'static>>>);

impl Authorities {
    /// Those in the file (PEM) that the setting names; none where it names none.
    pub fn of_file(setting: &str, file: &Path) -> anyhow::Result<Self> {
        if file.as_os_str().is_empty() {
            return Ok(Self::default());
        }
        let place = file.display();
        let pem = std::fs::read(file).with_context(|| format!("{setting} {place} cannot be read"))?;
        let mut store = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let read = certificate.ok().and_then(|certificate| store.add(certificate).ok());
            ensure!(read.is_some(), "{setting} {place} holds a certificate that cannot be read");
        }
        ensure!(!store.is_empty(), "{setting} {place} holds no certificate in PEM");
        Ok(Self(Arc::new(store.roots)))
    }

    pub(super) fn anchors(&self) -> impl Iterator<Item = TrustAnchor<'static>> {
        self.0.iter().cloned()
    }
}
