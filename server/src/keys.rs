//! The installation's own keys: those that sign tokens (RSA 2048) and one that encrypts data (256 bits). Made at the first
//! start, kept in the data folder, readable by the program alone.

mod ring;

pub use ring::Ring;

use anyhow::{Context, Result, ensure};
use aws_lc_rs::{
    encoding::AsDer,
    hmac,
    rsa::{KeyPair, KeySize},
    signature::KeyPair as _,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use data_encoding::HEXLOWER;
use jsonwebtoken::{DecodingKey, EncodingKey};
use sha2::{Digest, Sha256};
use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use crate::chance::Chance;

/// The key that signs tokens.
pub struct SigningKey {
    /// Names the key in the head of each token.
    pub id: String,
    pub private_pem: String,
    pub modulus: Vec<u8>,
    pub exponent: Vec<u8>,
    pub(crate) signs: EncodingKey,
    pub(crate) reads: DecodingKey,
}

/// The key that encrypts data at rest.
pub struct DataKey(pub [u8; 32]);

impl DataKey {
    /// An independent key for one purpose. The data key is uniform already, so one HMAC with a label makes it.
    pub fn derive(&self, label: &str) -> hmac::Tag {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.0), label.as_bytes())
    }
}

/// A file of keys of 32 bytes each, one to a line, to which newer ones are added at the end.
#[derive(Debug, Clone)]
pub struct KeyFile(PathBuf);

impl KeyFile {
    /// Every key in it, the oldest first; none where there is no such file yet.
    pub fn read(&self) -> Result<Vec<[u8; 32]>> {
        let text = match fs::read_to_string(&self.0) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", self.0.display())),
        };
        is_private(&self.0)?;
        let keys = text.lines().map(|line| <[u8; 32]>::try_from(STANDARD.decode(line.trim()).ok()?).ok());
        keys.collect::<Option<Vec<_>>>()
            .with_context(|| format!("{} is damaged; restore it from a backup", self.0.display()))
    }

    /// Adds a new key. A crash half-way leaves the file as it was.
    pub fn add(&self, chance: &Chance) -> Result<()> {
        let mut keys = self.read()?;
        keys.push(chance.bytes());
        let text: String = keys.iter().map(|key| STANDARD.encode(key) + "\n").collect();
        let draft = self.0.with_extension(format!("{}.new", u64::from_le_bytes(chance.bytes())));
        let written = write_secret(&draft, &text).and_then(|()| fs::rename(&draft, &self.0));
        if written.is_err() {
            let _ = fs::remove_file(&draft);
        }
        written.with_context(|| format!("cannot write {}", self.0.display()))?;
        // The new name of the file outlives a loss of power, too, before anything is encrypted with its key.
        let folder = self.0.parent().map(fs::File::open).transpose()?;
        folder.map_or(Ok(()), |folder| folder.sync_all()).context("the folder of keys cannot be synced")
    }
}

/// Every key of this installation.
pub struct Keys {
    pub signing: Ring,
    pub data: DataKey,
    /// Those for personal texts.
    pub personal: KeyFile,
}

impl Keys {
    /// Reads the keys from the data folder, making those that are not there yet.
    pub fn load_or_create(data_dir: &Path, chance: &Chance) -> Result<Self> {
        let folder = data_dir.join("keys");
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let data =
            read_or_create(&folder.join("data.key"), chance, || Ok(STANDARD.encode(chance.bytes::<32>())))?;
        let data = STANDARD.decode(data.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        Ok(Self {
            signing: Ring::in_folder(&folder, chance)?,
            data: DataKey(data.context("keys/data.key is not 32 bytes in base64; restore it from a backup")?),
            personal: Self::personal_in(data_dir),
        })
    }
}

impl Keys {
    /// The file of the keys for personal texts.
    pub fn personal_in(data_dir: &Path) -> KeyFile {
        KeyFile(data_dir.join("keys").join("personal.key"))
    }
}

impl SigningKey {
    pub fn from_pem(pem: String) -> Result<Self> {
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let der = STANDARD.decode(body).context("keys/signing.pem is damaged; restore it from a backup")?;
        let pair = KeyPair::from_pkcs8(&der).map_err(|cause| {
            anyhow::anyhow!("keys/signing.pem is no RSA key ({cause}); restore it from a backup")
        })?;
        let public = pair.public_key();
        let digest = Sha256::digest(public.as_ref());
        let modulus = public.modulus().big_endian_without_leading_zero().to_vec();
        let exponent = public.exponent().big_endian_without_leading_zero().to_vec();
        Ok(Self {
            id: HEXLOWER.encode(&digest[..8]),
            signs: EncodingKey::from_rsa_pem(pem.as_bytes())?,
            reads: DecodingKey::from_rsa_raw_components(&modulus, &exponent),
            modulus,
            exponent,
            private_pem: pem,
        })
    }
}

/// A new RSA key of 2048 bits, as PKCS #8 in PEM.
pub fn new_signing_pem() -> Result<String> {
    let pair = KeyPair::generate(KeySize::Rsa2048)
        .map_err(|_| anyhow::anyhow!("the machine could not make an RSA key"))?;
    let der = pair.as_der().map_err(|_| anyhow::anyhow!("the new RSA key could not be written down"))?;
    let body = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = (0..body.len()).step_by(64).map(|at| &body[at..body.len().min(at + 64)]).collect();
    Ok(format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n")))
}

/// Reads a secret file, or makes it so that a crash half-way leaves none and a second instance finds the first one's.
fn read_or_create(path: &Path, chance: &Chance, make: impl Fn() -> Result<String>) -> Result<String> {
    match fs::read_to_string(path) {
        Ok(text) => {
            is_private(path)?;
            Ok(text)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let text = make()?;
            // A name of its own, so that neither a draft left by a crash nor a second instance is in the way.
            let draft = path.with_extension(format!("{}.new", u64::from_le_bytes(chance.bytes())));
            let written = write_secret(&draft, &text);
            // A hard link fails where the name is taken: whoever comes first decides, the others read.
            let linked = written.and_then(|()| fs::hard_link(&draft, path));
            let _ = fs::remove_file(&draft);
            match linked {
                Ok(()) => Ok(text),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => read_or_create(path, chance, make),
                Err(error) => Err(error).with_context(|| format!("cannot write {}", path.display())),
            }
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

fn is_private(path: &Path) -> Result<()> {
    let mode = fs::metadata(path)?.permissions().mode();
    ensure!(mode & 0o077 == 0, "{} can be read by others; run: chmod 600 {0}", path.display());
    Ok(())
}

fn write_secret(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_belong_to_the_program_alone() {
        let folder = tempfile::tempdir().unwrap();
        let chance = Chance::seeded(1);
        let first = Keys::load_or_create(folder.path(), &chance).unwrap();
        let second = Keys::load_or_create(folder.path(), &chance).unwrap();
        assert_eq!(first.signing.all()[0].private_pem, second.signing.all()[0].private_pem);
        assert_eq!(first.data.0, second.data.0);
        for file in ["keys/signing.pem", "keys/data.key"] {
            let mode = fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }

    #[test]
    fn a_key_that_others_can_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        Keys::load_or_create(folder.path(), &Chance::seeded(1)).unwrap();
        fs::set_permissions(folder.path().join("keys/data.key"), fs::Permissions::from_mode(0o644)).unwrap();
        let refusal = Keys::load_or_create(folder.path(), &Chance::seeded(1)).unwrap_err().to_string();
        assert!(refusal.contains("chmod 600"), "{refusal}");
    }

    #[test]
    fn a_damaged_key_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        Keys::load_or_create(folder.path(), &Chance::seeded(1)).unwrap();
        fs::write(folder.path().join("keys/signing.pem"), "nonsense").unwrap();
        let refusal = Keys::load_or_create(folder.path(), &Chance::seeded(1)).unwrap_err().to_string();
        assert!(refusal.contains("restore it from a backup"), "{refusal}");
    }
}
