//! AES-256-GCM as every sealed text of ours is written: the number, the text and its tag, in base64.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// So long is the number that goes with each text. Two texts under one key must never share it.
pub(crate) const NUMBER: usize = NONCE_LEN;

/// A key that seals and opens.
pub(crate) struct Cipher(LessSafeKey);

impl Cipher {
    /// Nothing where the key is not of 32 bytes.
    pub(crate) fn new(key: &[u8]) -> Option<Self> {
        Some(Self(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?)))
    }

    /// Seals a text that opens only where `bound` is the same. Nothing for one of more than 64 GiB.
    pub(crate) fn seal(&self, number: [u8; NUMBER], bound: &[u8], plain: &[u8]) -> Option<String> {
        let mut sealed = plain.to_vec();
        let nonce = Nonce::assume_unique_for_key(number);
        self.0.seal_in_place_append_tag(nonce, Aad::from(bound), &mut sealed).ok()?;
        Some(URL_SAFE_NO_PAD.encode([number.as_slice(), &sealed].concat()))
    }

    /// Opens what was sealed, or says why it cannot be.
    pub(crate) fn open(&self, bound: &[u8], body: &str) -> Result<Vec<u8>, &'static str> {
        let body = URL_SAFE_NO_PAD.decode(body).map_err(|_| "it is not written in base64")?;
        let (number, sealed) = body.split_first_chunk::<NUMBER>().ok_or("it is cut short")?;
        let mut plain = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*number);
        let opened = self.0.open_in_place(nonce, Aad::from(bound), &mut plain);
        let length = opened.map_err(|_| "it was changed or belongs elsewhere")?.len();
        plain.truncate(length);
        Ok(plain)
    }
}
