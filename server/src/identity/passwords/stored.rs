//! Password hashes as the store holds them: our own Argon2id, Argon2 of any other kind and bcrypt from elsewhere. Anything
//! else, plain text above all, is never compared.

use super::workspace::Workspace;
use crate::config;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::phc::{Output, PasswordHash},
};

/// A bcrypt cost of 15 takes a core seconds, each step more doubles it: 31 would hold it for days.
const DEAREST_BCRYPT: u32 = 15;
const BCRYPT_KINDS: [&str; 3] = ["$2a$", "$2b$", "$2y$"];
const OUR_ALGORITHM: &str = "argon2id";
const OUR_VERSION: u32 = 0x13;
const SHORTEST_OUTPUT: usize = 32;
const SHORTEST_SALT: usize = 16;

/// A hash that can be compared with, at a bounded cost.
#[derive(Debug)]
pub(super) enum Hash<'a> {
    Argon2(Box<PasswordHash>),
    /// Of a password longer than 72 bytes bcrypt knows the first 72 alone; the hash that replaces it knows them all.
    Bcrypt(&'a str),
}

impl<'a> Hash<'a> {
    /// Reads a hash, or says why it cannot be used; never with the hash itself, which goes into the log.
    pub(super) fn read(text: &'a str) -> Result<Self, &'static str> {
        if BCRYPT_KINDS.iter().any(|kind| text.starts_with(kind)) {
            return match text.parse::<bcrypt::HashParts>() {
                Ok(parts) if parts.get_cost() > DEAREST_BCRYPT => Err("its bcrypt cost is too high"),
                Ok(_) => Ok(Self::Bcrypt(text)),
                Err(_) => Err("it begins like bcrypt and does not go on so"),
            };
        }
        if !text.starts_with("$argon2") {
            return Err("it is neither Argon2 nor bcrypt");
        }
        let hash = PasswordHash::new(text).map_err(|_| "it begins like Argon2 and does not go on so")?;
        if hash.salt.is_none() || hash.hash.is_none() {
            return Err("it has no salt or no output");
        }
        let (memory, iterations, parallelism) = cost(&hash).ok_or("its Argon2 parameters cannot be read")?;
        let is_bounded = memory <= config::Passwords::LARGEST_MEMORY_KIB
            && iterations <= config::Passwords::MOST_ITERATIONS
            && parallelism <= config::Passwords::MOST_PARALLELISM
            && u64::from(memory) * u64::from(iterations) <= config::Passwords::MOST_WORK;
        if is_bounded { Ok(Self::Argon2(Box::new(hash))) } else { Err("its Argon2 parameters are too high") }
    }

    pub(super) fn fits(&self, password: &[u8], workspace: &mut Workspace) -> bool {
        match self {
            Self::Argon2(hash) => argon2_fits(hash, password, workspace).unwrap_or(false),
            Self::Bcrypt(text) => bcrypt::verify(password, text).unwrap_or(false),
        }
    }

    /// Whether a hash made now would be better.
    pub(super) fn is_weaker_than(&self, settings: &config::Passwords) -> bool {
        let Self::Argon2(hash) = self else { return true };
        let Some((memory, iterations, _)) = cost(hash) else { return true };
        hash.algorithm.as_str() != OUR_ALGORITHM
            || hash.version != Some(OUR_VERSION)
            || hash.hash.as_ref().is_none_or(|output| output.len() < SHORTEST_OUTPUT)
            || hash.salt.as_ref().is_none_or(|salt| salt.len() < SHORTEST_SALT)
            || memory < settings.memory_kib
            || u64::from(memory) * u64::from(iterations) < settings.work()
    }
}

/// Whether the password leads to the output of the hash, with the hash's own parameters; nothing when they cannot be used.
fn argon2_fits(hash: &PasswordHash, password: &[u8], workspace: &mut Workspace) -> Option<bool> {
    let (salt, expected) = (hash.salt.as_ref()?, hash.hash.as_ref()?);
    let params = Params::try_from(hash).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let blocks = workspace.blocks(params.block_count());
    let mut buffer = [0; Output::MAX_LENGTH];
    let output = buffer.get_mut(..expected.len())?;
    let argon2 = Argon2::new(algorithm, version, params);
    argon2.hash_password_into_with_memory(password, salt.as_ref(), output, blocks).ok()?;
    // Outputs are compared in constant time.
    Some(Output::new(output).ok()? == *expected)
}

/// Memory in kibibytes, iterations and parallelism.
fn cost(hash: &PasswordHash) -> Option<(u32, u32, u32)> {
    let number = |name| hash.params.get_decimal(name);
    Some((number("m")?, number("t")?, number("p")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{Algorithm, AssociatedData, ParamsBuilder, Version};

    /// RFC 9106, section 5.3: Argon2id with a secret and associated data.
    #[test]
    fn a1_argon2id_answers_as_rfc_9106_says() {
        let params = ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(AssociatedData::new(&[4; 12]).unwrap())
            .output_len(32)
            .build()
            .unwrap();
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
        let expected = [
            0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9,
            0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
        ];
        assert_eq!(tag, expected);
    }

    /// From the tests of the reference implementation (P-H-C/phc-winner-argon2), and one that Python's argon2-cffi made.
    #[test]
    fn a1_argon2_hashes_of_any_parameters_fit_their_password_alone() {
        for (password, hash) in ARGON2 {
            let read = Hash::read(hash).unwrap();
            assert!(read.fits(password.as_bytes(), &mut Workspace::default()), "{hash}");
            assert!(!read.fits(format!("{password}x").as_bytes(), &mut Workspace::default()), "{hash}");
        }
    }

    const ARGON2: [(&str, &str); 5] = [
        (
            "password",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        ),
        ("password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"),
        ("password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"),
        (
            "differentpassword",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94",
        ),
        ("password", "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8"),
    ];

    /// From crypt_blowfish and jBCrypt.
    const BCRYPT: [(&str, &str); 11] = [
        ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
        ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        ("", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"),
        ("a", "$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"),
        ("abc", "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i"),
        ("abcdefghijklmnopqrstuvwxyz", "$2a$06$.rCVZVOThsIa97pEDOxvGuRRgzG64bvtJ0938xuqzv18d3ZpQhstC"),
        (
            "~!@#$%^&*()      ~!@#$%^&*()PNBFRD",
            "$2a$06$fPIsBO8qRqkjj273rfaOI.HtSV9jLDpTbZn782DC6/t7qT67P6FfO",
        ),
        ("U*U", "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("U*U", "$2y$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
        ("abc", "$2a$08$Ro0CUfOqk6cXEKf3dyaM7OhSCvnwM9s4wIX9JeLapehKK5YdLxKcm"),
    ];

    #[test]
    fn a1_bcrypt_hashes_fit_their_password_alone() {
        for (password, hash) in BCRYPT {
            let read = Hash::read(hash).unwrap();
            assert!(read.fits(password.as_bytes(), &mut Workspace::default()), "{password:?} {hash}");
            assert!(!read.fits(format!("{password}x").as_bytes(), &mut Workspace::default()), "{hash}");
            assert!(read.is_weaker_than(&config::Passwords::default()));
        }
        let bytes = "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq";
        assert!(Hash::read(bytes).unwrap().fits(b"\xa3", &mut Workspace::default()), "a byte beyond ASCII");
    }

    #[test]
    fn a1_what_cannot_be_compared_at_a_bounded_cost_is_not_read() {
        let bcrypt = BCRYPT[0].1;
        for wrong in [
            "",
            "correct horse battery staple",
            "{plain}correct horse",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "$1$salt$qJH7.N4xYta3aEG/dfqo/0",
            "$2x$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            &bcrypt.replace("$05$", "$31$"),
            &bcrypt.replace("$05$", "$16$"),
            &bcrypt[..50],
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ",
            "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=256,t=4294967295,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
            "$argon2id$v=19$m=4194304,t=100,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        ] {
            let why = Hash::read(wrong).map(|hash| hash.fits(wrong.as_bytes(), &mut Workspace::default()));
            assert!(why.is_err(), "{wrong:?} was read");
            assert!(!why.is_err_and(|words| words.contains("horse")), "the reason tells the secret");
        }
    }

    #[test]
    fn a1_a_hash_is_outdated_by_its_kind_and_by_its_cost() {
        let settings = |memory_kib, iterations| config::Passwords {
            memory_kib,
            iterations,
            ..config::Passwords::default()
        };
        let of = |kind: &str, cost: &str| {
            format!("${kind}$v=19${cost}$MDEyMzQ1Njc4OWFiY2RlZg$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
        };
        for (hash, memory, iterations, outdated) in [
            (of("argon2id", "m=65536,t=2,p=1"), 65_536, 2, false),
            (of("argon2id", "m=65536,t=2,p=1"), 19_456, 2, false),
            (of("argon2id", "m=65536,t=1,p=1"), 19_456, 2, false),
            (of("argon2id", "m=65536,t=2,p=1"), 65_536, 3, true),
            (of("argon2id", "m=65536,t=9,p=1"), 131_072, 1, true),
            (of("argon2i", "m=65536,t=2,p=1"), 19_456, 2, true),
        ] {
            let read = Hash::read(&hash).unwrap();
            assert_eq!(read.is_weaker_than(&settings(memory, iterations)), outdated, "{hash}");
        }
        assert!(Hash::read(ARGON2[0].1).unwrap().is_weaker_than(&settings(64, 1)), "a short salt");
    }
}
