//! Letters about having an account: made, invited, verified, reached elsewhere; and the test letter.

use super::{
    Words,
    values::{address, moment, name, plain, span, with_token},
};
use domain::Timestamp;

const NOT_EXPECTED: &str =
    "If you did not expect this letter, tell the person who looks after your accounts.";
pub(super) const SOMETHING_CHANGED: &str =
    "You get this letter because something important about your account changed.";

pub(super) struct Account<'a> {
    pub public_url: &'a str,
}

impl Account<'_> {
    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    pub fn created(&self, full_name: &str, username: &str) -> Words {
        let username = plain(username);
        Words::new("Your Countersign account is ready", full_name, NOT_EXPECTED)
            .say(format!("An account was made for you. Your username is {username}; whoever made the account gives you your password."))
            .offer("Sign in", self.page("/login"))
    }

    pub fn invitation(&self, full_name: &str, invited_by: &str, token: &str, days: u32) -> Words {
        let inviter = name(invited_by).unwrap_or_else(|| "Somebody who looks after accounts".into());
        Words::new(
            "You are invited to Countersign",
            full_name,
            "If you do not know why you get this letter, you can ignore it. Nothing happens until you accept.",
        )
        .say(format!("{inviter} made a Countersign account for you. Choose a password, and it is yours."))
        .say(format!("The link works once, for the next {}.", span(days, "day")))
        .offer("Accept the invitation", with_token(self.public_url, "/accept-invitation", token))
    }

    pub fn verification(&self, full_name: &str, token: &str, hours: u32) -> Words {
        Words::new(
            "Verify your e-mail address",
            full_name,
            "If you did not ask for an account, you can ignore this letter. Nothing happens without the link.",
        )
        .say("Please confirm that this e-mail address is yours. After that you can sign in.")
        .say(format!("The link works once, for the next {}.", span(hours, "hour")))
        .offer("Verify e-mail address", with_token(self.public_url, "/verify-email", token))
    }

    pub fn already_registered(
        &self,
        full_name: &str,
        username: &str,
        at: Timestamp,
        ip: Option<&str>,
    ) -> Words {
        let username = plain(username);
        Words::new(
            "You have an account already",
            full_name,
            "If it wasn't you, you can ignore this letter. No account was made, and nothing about yours has changed.",
        )
        .say(format!("Somebody tried to register at Countersign with your e-mail address. You have an account here: your username is {username}."))
        .tell([("When", moment(at)), ("IP address", address(ip))])
        .say("If it was you, sign in; if you have forgotten your password, choose “Forgot password?” on that page.")
        .offer("Sign in", self.page("/login"))
    }

    /// To the new address.
    pub fn has_this_address(&self, full_name: &str, old_email: &str, at: Timestamp) -> Words {
        let old = plain(old_email);
        Words::new("This is now the e-mail address of your account", full_name, NOT_EXPECTED)
            .say(format!(
                "Letters about your Countersign account come here from now on. This address replaces {old}."
            ))
            .tell([("When", moment(at))])
            .offer("Look at your account", self.page("/account"))
    }

    /// To the old address. A reset link would not come here any more, so the way leads to a person.
    pub fn has_another_address(&self, full_name: &str, new_email: &str, at: Timestamp) -> Words {
        let new = plain(new_email);
        Words::new("Your e-mail address was changed", full_name, SOMETHING_CHANGED)
            .say(format!("Letters about your Countersign account go to {new} from now on. This is the last one that comes here."))
            .tell([("When", moment(at))])
            .say("If this was you, there is nothing to do. If it wasn't, immediately tell the person who looks after your accounts.")
    }

    pub fn test(&self, at: Timestamp) -> Words {
        Words::new(
            "A test letter from Countersign",
            "",
            "Somebody who looks after this installation sent this letter to see whether mail arrives.",
        )
        .say("If you can read this, letters leave Countersign and arrive. Nothing more is needed.")
        .tell([("Sent", moment(at))])
    }
}
