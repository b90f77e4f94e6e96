//! What an authenticator app and this program share: a secret, written as text, as an address, and as a picture to scan.

use crate::{Result, chance::Chance};
use anyhow::anyhow;
use data_encoding::BASE32_NOPAD;
use domain::person::EmailAddress;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color, EcLevel, QrCode};
use std::{fmt, fmt::Write};

const ISSUER: &str = "Countersign";
/// RFC 4226 asks for 16 bytes and recommends 20; some services hand out 10, and those may be brought along.
const SHORTEST: usize = 10;
const LONGEST: usize = 64;
const RECOMMENDED_LEAST: usize = 16;
/// The light margin that a QR code needs on each side.
const MARGIN: usize = 4;
/// What may stand in an address as it is.
const PLAIN: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secret of an authenticator app.
#[derive(Clone, PartialEq, Eq)]
pub struct AppSecret(Vec<u8>);

impl AppSecret {
    /// A new one of 160 bits.
    pub fn draw(chance: &Chance) -> Self {
        Self(chance.bytes::<20>().to_vec())
    }

    /// Reads base32 as people copy it: any case, in groups or not, with or without its padding.
    pub fn parse(typed: &str) -> Result<Self, &'static str> {
        const WRONG: &str =
            "That is no secret of an authenticator app: use the letters A to Z and the digits 2 to 7";
        let kept: String =
            typed.trim().trim_end_matches('=').chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        let bytes = BASE32_NOPAD.decode(kept.to_ascii_uppercase().as_bytes()).map_err(|_| WRONG)?;
        match bytes.len() {
            0..SHORTEST => Err("That secret is too short: use at least 16 letters and digits"),
            SHORTEST..=LONGEST => Ok(Self(bytes)),
            _ => Err("That secret is too long: use at most 102 letters and digits"),
        }
    }

    pub(super) const fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it has fewer than the 128 bits that RFC 4226 asks for.
    pub const fn is_short(&self) -> bool {
        self.0.len() < RECOMMENDED_LEAST
    }

    pub fn base32(&self) -> String {
        BASE32_NOPAD.encode(&self.0)
    }

    /// The same in groups of four, to read and type.
    pub fn in_groups(&self) -> String {
        let letters: Vec<char> = self.base32().chars().collect();
        letters.chunks(4).map(|group| group.iter().collect()).collect::<Vec<String>>().join(" ")
    }

    /// The address that an app understands, with the account's e-mail address to tell several accounts apart.
    pub fn address(&self, account: &EmailAddress) -> String {
        format!(
            "otpauth://totp/{ISSUER}:{}?secret={}&issuer={ISSUER}&algorithm=SHA1&digits=6&period={}",
            utf8_percent_encode(account.as_str(), &PLAIN),
            self.base32(),
            super::one_time::STEP_SECONDS,
        )
    }

    /// The address as a QR code: one SVG without any style, dark on light in either theme because cameras ask for it.
    pub fn picture(&self, account: &EmailAddress) -> Result<String> {
        let code =
            QrCode::with_error_correction_level(self.address(account), EcLevel::M).map_err(|cause| {
                anyhow!("the address of an authenticator app does not fit a QR code: {cause}")
            })?;
        Ok(draw(&code))
    }
}

fn draw(code: &QrCode) -> String {
    let (width, colors) = (code.width(), code.to_colors());
    let side = width + 2 * MARGIN;
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                // Writing to a text cannot fail.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
            }
            x += run.max(1);
        }
    }
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="QR code to scan with an authenticator app. The same secret stands beside it as text." shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    )
}

impl fmt::Debug for AppSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppSecret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> EmailAddress {
        EmailAddress::parse("alice+work@example.com").unwrap()
    }

    #[test]
    fn a5_a_new_secret_has_160_bits_and_reads_in_groups_of_four() {
        let secret = AppSecret::draw(&Chance::seeded(5));
        assert_eq!((secret.bytes().len(), secret.base32().len()), (20, 32));
        let groups = secret.in_groups();
        assert!(
            groups.split(' ').all(|group| group.len() == 4) && groups.split(' ').count() == 8,
            "{groups}"
        );
        assert_eq!(AppSecret::parse(&groups), Ok(secret.clone()));
        assert_eq!(AppSecret::parse(&groups.to_lowercase()), Ok(secret));
    }

    #[test]
    fn a5_a_secret_is_read_as_rfc_4648_writes_it() {
        let rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(AppSecret::parse(rfc).unwrap().bytes(), b"12345678901234567890");
        let short = AppSecret::parse("JBSWY3DPEHPK3PXP").unwrap();
        assert!(short.is_short() && short.bytes().starts_with(b"Hello!"));
        assert_eq!(
            AppSecret::parse("mfrg g2df-mzTW Q===").unwrap_err(),
            AppSecret::parse("AAAA").unwrap_err()
        );
        let long = "A".repeat(104);
        for wrong in ["", "AAAA", "JBSWY3DPEHPK3PX1", "JBSWY3DPEHPK3PXP!", "JBSWY3DPEHPK3PXPA", &long] {
            assert!(AppSecret::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a5_the_address_names_the_product_and_the_account() {
        let secret = AppSecret::parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        assert_eq!(
            secret.address(&account()),
            "otpauth://totp/Countersign:alice%2Bwork%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=Countersign&algorithm=SHA1&digits=6&period=30"
        );
        assert!(!format!("{secret:?}").contains("GEZD"));
    }

    /// Reads the drawing back into dark and light squares and lays them over the code.
    #[test]
    fn a5_the_picture_shows_every_square_of_the_code_within_its_margin() {
        let secret = AppSecret::draw(&Chance::seeded(6));
        let svg = secret.picture(&account()).unwrap();
        assert!(svg.contains("role=\"img\"") && svg.contains("aria-label=") && !svg.contains("style"));
        let number = |text: &str| text.parse::<usize>().unwrap();
        let side = number(svg.split("viewBox=\"0 0 ").nth(1).unwrap().split(' ').next().unwrap());
        let path = svg.split("fill=\"#000\" d=\"").nth(1).unwrap().split('"').next().unwrap();
        let mut dark = vec![vec![false; side]; side];
        for part in path.split('z').filter(|part| !part.is_empty()) {
            let (at, run) = part.trim_start_matches('M').split_once('h').unwrap();
            let (x, y) = at.split_once(' ').map(|(x, y)| (number(x), number(y))).unwrap();
            dark[y][x..x + number(run.split('v').next().unwrap())].fill(true);
        }
        let code = QrCode::with_error_correction_level(secret.address(&account()), EcLevel::M).unwrap();
        assert_eq!(side, code.width() + 8);
        for (y, row) in dark.iter().enumerate() {
            for (x, square) in row.iter().enumerate() {
                let inside = [x, y].iter().all(|at| (4..side - 4).contains(at));
                assert_eq!(*square, inside && code[(x - 4, y - 4)] == Color::Dark, "{x}, {y}");
            }
        }
    }
}
