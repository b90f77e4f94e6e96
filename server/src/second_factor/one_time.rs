//! The arithmetic of authenticator apps: HOTP (RFC 4226) makes a code of a counter, TOTP (RFC 6238) counts half minutes.
//!
//! Written here, on the HMAC of the library that does the rest of the cryptography: what is left is cutting six digits out
//! of a hash. The libraries for it answer whether a code fits, but not which step it belongs to, and without the step a
//! code could be used twice.

use aws_lc_rs::hmac;
use domain::Timestamp;
use subtle::ConstantTimeEq;

/// How long each code is shown.
pub(super) const STEP_SECONDS: i64 = 30;
const DIGITS: u32 = 6;
/// How many steps a clock may be ahead or behind.
const LEEWAY: i64 = 1;

/// The number that the last digits of are the code (RFC 4226, 5.3).
fn hotp(key: &hmac::Key, counter: u64) -> u32 {
    let tag = hmac::sign(key, &counter.to_be_bytes());
    let hash = tag.as_ref();
    let offset = usize::from(hash.last().copied().unwrap_or_default() & 0x0f);
    let mut cut = [0; 4];
    for (to, from) in cut.iter_mut().zip(hash.iter().skip(offset)) {
        *to = *from;
    }
    u32::from_be_bytes(cut) & 0x7fff_ffff
}

fn app_key(secret: &[u8]) -> hmac::Key {
    // The hash that every authenticator app understands. HMAC does not lean on what is broken in SHA-1.
    hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret)
}

/// The step that this moment belongs to.
pub(super) const fn step_at(now: Timestamp) -> i64 {
    now.seconds().div_euclid(STEP_SECONDS)
}

/// The latest of the steps around now whose code this is, and none where it is the code of none. Every step is looked
/// at, so that the time taken says nothing.
pub(super) fn step_of(secret: &[u8], code: u32, now: Timestamp) -> Option<i64> {
    let key = app_key(secret);
    let steps = step_at(now) - LEEWAY..=step_at(now) + LEEWAY;
    steps.fold(None, |found, step| {
        let Ok(counter) = u64::try_from(step) else { return found };
        let fits = bool::from((hotp(&key, counter) % 10_u32.pow(DIGITS)).ct_eq(&code));
        if fits { Some(step) } else { found }
    })
}

/// The code that an app with this secret shows at this moment, as people type it.
pub fn code_at(secret: &[u8], now: Timestamp) -> String {
    let counter = u64::try_from(step_at(now)).unwrap_or_default();
    format!("{:06}", hotp(&app_key(secret), counter) % 10_u32.pow(DIGITS))
}

/// Six digits as they are typed, with spaces and dashes between them or not.
pub(super) fn six_digits(typed: &str) -> Option<u32> {
    let kept: String =
        typed.chars().filter(|c| !matches!(c, ' ' | '-' | '\t' | '\r' | '\n')).take(7).collect();
    let is_right = kept.len() == DIGITS as usize && kept.bytes().all(|byte| byte.is_ascii_digit());
    if is_right { kept.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"1234567890123456789012345678901234567890123456789012345678901234";

    /// RFC 4226, appendix D: the truncated values and the codes of the first ten counters.
    #[test]
    fn a5_rfc_4226_all_ten_counters() {
        let key = app_key(&SEED[..20]);
        let published = [
            (0x4c93_cf18, "755224"),
            (0x4139_7eea, "287082"),
            (0x082f_ef30, "359152"),
            (0x66ef_7655, "969429"),
            (0x61c5_938a, "338314"),
            (0x33c0_83d4, "254676"),
            (0x7256_c032, "287922"),
            (0x04e5_b397, "162583"),
            (0x2823_443f, "399871"),
            (0x2679_dc69, "520489"),
        ];
        for (counter, (number, code)) in (0..).zip(published) {
            assert_eq!(hotp(&key, counter), number, "counter {counter}");
            assert_eq!(format!("{:06}", number % 1_000_000), code);
        }
    }

    /// RFC 6238, appendix B: six moments, three hashes, eight digits. The seeds are as long as each hash.
    #[test]
    fn a5_rfc_6238_all_times_and_hashes() {
        let keys = [
            app_key(&SEED[..20]),
            hmac::Key::new(hmac::HMAC_SHA256, &SEED[..32]),
            hmac::Key::new(hmac::HMAC_SHA512, SEED),
        ];
        for (seconds, codes) in [
            (59, ["94287082", "46119246", "90693936"]),
            (1_111_111_109, ["07081804", "68084774", "25091201"]),
            (1_111_111_111, ["14050471", "67062674", "99943326"]),
            (1_234_567_890, ["89005924", "91819424", "93441116"]),
            (2_000_000_000, ["69279037", "90698825", "38618901"]),
            (20_000_000_000, ["65353130", "77737706", "47863826"]),
        ] {
            let step = u64::try_from(step_at(Timestamp::from_seconds(seconds))).unwrap();
            for (key, code) in keys.iter().zip(codes) {
                assert_eq!(format!("{:08}", hotp(key, step) % 100_000_000), code, "{seconds} s");
            }
            let six = code_at(&SEED[..20], Timestamp::from_seconds(seconds));
            assert_eq!(six, codes[0][2..], "an app shows the last six digits");
        }
    }

    #[test]
    fn a5_a_code_is_good_one_step_early_and_one_step_late_and_no_longer() {
        let secret = &SEED[..20];
        let made = Timestamp::from_seconds(1_790_000_010);
        let step = step_at(made);
        let code: u32 = code_at(secret, made).parse().unwrap();
        for (seconds, found) in
            [(-31, None), (-30, Some(step)), (0, Some(step)), (29, Some(step)), (59, Some(step)), (60, None)]
        {
            let now = Timestamp::from_seconds(step * STEP_SECONDS + seconds);
            assert_eq!(step_of(secret, code, now), found, "{seconds} s after the step began");
        }
        assert_eq!(step_of(secret, code, Timestamp::from_seconds(-100)), None);
    }

    #[test]
    fn a5_six_digits_are_taken_as_people_type_them() {
        for typed in ["012345", "012 345", " 012-345\n", "01 23 45"] {
            assert_eq!(six_digits(typed), Some(12_345), "{typed:?}");
        }
        let long = "1".repeat(1 << 20);
        for wrong in ["", "12345", "1234567", "12345a", "+12345", "١٢٣٤٥٦", "12345\0", "123.45", &long]
        {
            assert_eq!(six_digits(wrong), None, "{wrong:.20?}");
        }
    }
}
