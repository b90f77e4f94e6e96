//! Letters that guard an account: passwords, locks, devices, second factors and codes.

use super::{
    Paragraph, Words,
    account::SOMETHING_CHANGED,
    values::{address, moment, plain, span, with_token},
};
use domain::Timestamp;

const WAS_IT_YOU: &str =
    "If this was you, there is nothing to do. If it wasn't, reset your password immediately.";

pub(super) struct Security<'a> {
    pub public_url: &'a str,
}

impl Security<'_> {
    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    pub fn reset_link(&self, full_name: &str, token: &str, minutes: u32) -> Words {
        Words::new(
            "Reset your password",
            full_name,
            "If you did not ask for this, you can ignore this letter. Your password stays as it is.",
        )
        .say("Somebody asked to reset the password of your Countersign account. If that was you, choose a new one.")
        .say(format!("The link works once, for the next {}. A second factor is asked for as always.", span(minutes, "minute")))
        .offer("Choose a new password", with_token(self.public_url, "/reset-password", token))
    }

    pub fn password_changed(&self, full_name: &str, at: Timestamp, ip: Option<&str>) -> Words {
        Words::new("Your password was changed", full_name, SOMETHING_CHANGED)
            .say("Your Countersign account has a new password. Sessions on other devices were ended.")
            .tell([("When", moment(at)), ("IP address", address(ip))])
            .say(WAS_IT_YOU)
            .offer("Reset your password", self.page("/forgot-password"))
    }

    /// What became of the API keys. They belong to programs, so only a password that somebody else may have known ends them.
    pub fn with_keys(&self, words: Words, revoked: &[String], working: usize) -> Words {
        if !revoked.is_empty() {
            let names: Vec<String> = revoked.iter().map(|name| format!("“{}”", plain(name))).collect();
            let names = names.join(", ");
            return words.say(format!("API keys that were revoked, since somebody else may have made them: {names}. Make new ones for programs that need one."));
        }
        match working {
            0 => words,
            working => words.say(format!(
                "{} on working. If there is one that you do not know, revoke it: {}",
                if working == 1 {
                    "Your API key goes".to_owned()
                } else {
                    format!("Your {working} API keys go")
                },
                self.page("/account/api-keys"),
            )),
        }
    }

    pub fn password_given(&self, full_name: &str, at: Timestamp) -> Words {
        Words::new("Your account has a new password", full_name, SOMETHING_CHANGED)
            .say("Somebody who looks after accounts gave your Countersign account a new password. Every session was ended.")
            .tell([("When", moment(at))])
            .say("Sign in with the password you were given, then choose one that only you know. If you did not expect this, tell the person who looks after your accounts.")
            .offer("Change your password", self.page("/account/password"))
    }

    pub fn api_key_made(&self, full_name: &str, name: &str, at: Timestamp, ip: Option<&str>) -> Words {
        Words::new("An API key was made for your account", full_name, SOMETHING_CHANGED)
            .say("Programs can now use Countersign in your name with a new key.")
            .tell([("Name", plain(name)), ("When", moment(at)), ("IP address", address(ip))])
            .say("If this was you, there is nothing to do. If it wasn't, revoke the key and change your password immediately.")
            .offer("Look at your API keys", self.page("/account/api-keys"))
    }

    pub fn api_key_expires(&self, full_name: &str, name: &str, at: Timestamp) -> Words {
        Words::new(
            "An API key of yours expires soon",
            full_name,
            "You get this letter once for each key, some days before it expires.",
        )
        .say("One of your API keys expires soon. Programs that use it are refused from then on.")
        .tell([("Name", plain(name)), ("Expires", moment(at))])
        .say("If they are still needed, make a new key, give it to them, and revoke the old one. Else there is nothing to do.")
        .offer("Look at your API keys", self.page("/account/api-keys"))
    }

    /// Its subject and its first sentences are those of UC-AUTH-001, word for word.
    pub fn locked(&self, full_name: &str, failures: u32, minutes: u32, ip: Option<&str>) -> Words {
        let (failures, ip) = (span(failures, "failed login attempt"), address(ip));
        Words::new(
            "Security Alert: Account Locked",
            full_name,
            "You get this letter because somebody tried to sign in to your account with wrong passwords.",
        )
        .say(format!("Your account was locked after {failures} from IP {ip}. If this wasn't you, reset your password immediately."))
        .say(format!("The lock opens by itself after {}. Where you are signed in already, you stay signed in.", span(minutes, "minute")))
        .offer("Reset your password", self.page("/forgot-password"))
    }

    pub fn codes_paused(&self, full_name: &str, failures: u32, ip: Option<&str>) -> Words {
        Words::new(
            "Security Alert: Somebody may know your password",
            full_name,
            "You get this letter because somebody entered your password and then wrong codes.",
        )
        .say(format!(
            "Somebody entered the right password of your account and then {} in a row, so no codes are taken for a while.",
            span(failures, "wrong code")
        ))
        .tell([("IP address", address(ip))])
        .say("If this was you, wait a little and try again. If it wasn't, reset your password immediately. Where you are signed in already, you stay signed in.")
        .offer("Reset your password", self.page("/forgot-password"))
    }

    pub fn new_device(&self, full_name: &str, at: Timestamp, browser: &str, ip: Option<&str>) -> Words {
        let browser = Some(plain(browser)).filter(|browser| !browser.is_empty());
        Words::new(
            "New sign-in to your account",
            full_name,
            "You get this letter at the first sign-in from each device.",
        )
        .say("Your Countersign account was signed in to from a new device.")
        .tell([
            ("When", moment(at)),
            ("Browser", browser.unwrap_or_else(|| "unknown".into())),
            ("IP address", address(ip)),
        ])
        .say("If this was you, there is nothing to do. If it wasn't, reset your password immediately and end that session.")
        .offer("Look at your sessions", self.page("/account/sessions"))
    }

    pub fn provider_connected(
        &self,
        full_name: &str,
        provider: &str,
        at: Timestamp,
        ip: Option<&str>,
    ) -> Words {
        let provider = plain(provider);
        Words::new("Another way to sign in was connected", full_name, SOMETHING_CHANGED)
            .say(format!(
                "Your Countersign account was connected to your account at {provider}, which has the same e-mail address. From now \
                 on you can also sign in with {provider}."
            ))
            .tell([("When", moment(at)), ("IP address", address(ip))])
            .say(format!(
                "If this was you, there is nothing to do. If it wasn't, somebody else can use your account at {provider}: secure it \
                 first, then reset your password here."
            ))
            .offer("Look at your account", self.page("/account"))
    }

    pub fn provider_parted(&self, full_name: &str, provider: &str, at: Timestamp, ip: Option<&str>) -> Words {
        let provider = plain(provider);
        Words::new("A way to sign in was removed", full_name, SOMETHING_CHANGED)
            .say(format!("Your Countersign account is no longer connected to your account at {provider}."))
            .tell([("When", moment(at)), ("IP address", address(ip))])
            .say(WAS_IT_YOU)
            .offer("Look at your account", self.page("/account"))
    }

    pub fn factor_added(&self, full_name: &str, factor: &str, at: Timestamp) -> Words {
        self.factor(
            "A second factor was added",
            full_name,
            &format!("From now on you can also confirm a sign-in with {}.", plain(factor)),
            at,
        )
    }

    pub fn factor_removed(&self, full_name: &str, factor: &str, at: Timestamp) -> Words {
        self.factor(
            "A second factor was removed",
            full_name,
            &format!("Your account no longer accepts {}.", plain(factor)),
            at,
        )
    }

    pub fn new_recovery_codes(&self, full_name: &str, at: Timestamp) -> Words {
        self.factor(
            "New recovery codes were made",
            full_name,
            "Your account has new recovery codes. The old ones no longer work.",
            at,
        )
    }

    pub fn recovery_code_used(&self, full_name: &str, left: i64, at: Timestamp) -> Words {
        let left = match left {
            1 => "One is left: make new ones soon.".to_owned(),
            ..=0 => "None is left: make new ones now.".to_owned(),
            left => format!("{left} are left."),
        };
        let what = format!("One of your recovery codes was used to sign in. {left}");
        self.factor("A recovery code was used", full_name, &what, at)
    }

    fn factor(&self, subject: &str, full_name: &str, what: &str, at: Timestamp) -> Words {
        Words::new(subject, full_name, SOMETHING_CHANGED)
            .say(what)
            .tell([("When", moment(at))])
            .say(WAS_IT_YOU)
            .offer("Look at your account", self.page("/account"))
    }

    pub fn sign_in_code(&self, full_name: &str, code: &str, minutes: u32) -> Words {
        let mut words = Words::new(
            "Your sign-in code",
            full_name,
            "Nobody from Countersign ever asks you for this code. If you are not signing in right now, somebody knows your \
             password: change it.",
        );
        words.paragraphs.push(Paragraph::Code(plain(code)));
        words.say(format!("It works once, for the next {}.", span(minutes, "minute")))
    }
}
