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

/// When and from where something was asked for.
pub(super) struct Asked<'a> {
    pub at: Timestamp,
    pub ip: Option<&'a str>,
}

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

    /// To the new address, before it is one's own.
    pub fn confirmation(&self, full_name: &str, token: &str, hours: u32) -> Words {
        Words::new(
            "Confirm your new e-mail address",
            full_name,
            "If you did not ask for this, you can ignore this letter. Nothing happens without the link.",
        )
        .say("Somebody wants this to be the e-mail address of their Countersign account. If that is you, confirm it.")
        .say(format!("The address changes when you have confirmed it in the letter to your present address as well. The link works once, for the next {}.", span(hours, "hour")))
        .offer("Confirm this address", with_token(self.public_url, "/confirm-email", token))
    }

    /// To the present address, which can stop it.
    pub fn approval(
        &self,
        full_name: &str,
        new_email: &str,
        token: &str,
        hours: u32,
        asked: Asked<'_>,
    ) -> Words {
        let new = plain(new_email);
        Words::new(
            "Approve your new e-mail address",
            full_name,
            "You get this letter because something important about your account is to change.",
        )
            .say(format!("Somebody who is signed in as you wants letters about your Countersign account to go to {new} from now on."))
            .tell([("When", moment(asked.at)), ("IP address", address(asked.ip))])
            .say("If that was you, approve it. If it wasn't, stop it on the same page and change your password immediately.")
            .say(format!("Without you nothing changes. The link works once, for the next {}.", span(hours, "hour")))
            .offer("Approve or stop it", with_token(self.public_url, "/approve-email", token))
    }

    /// To the owner of an address that somebody else wanted.
    pub fn address_wanted(&self, full_name: &str, at: Timestamp) -> Words {
        Words::new(
            "Somebody wanted to use your e-mail address",
            full_name,
            "If it wasn't you, you can ignore this letter. Nothing about your account has changed.",
        )
        .say("Somebody wanted your e-mail address for another Countersign account. It belongs to yours, so nothing was changed.")
        .tell([("When", moment(at))])
        .say("If it was you, change the address of this account first, or use another one there.")
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

    pub fn suspended(&self, full_name: &str, at: Timestamp) -> Words {
        Words::new("Your account has been suspended", full_name, SOMETHING_CHANGED)
            .say("Your Countersign account has been suspended. You are signed out everywhere, and your API keys open nothing. Nothing of yours was removed.")
            .tell([("When", moment(at))])
            .say("Contact support for assistance: the person who looks after your accounts can restore it.")
    }

    pub fn restored(&self, full_name: &str, at: Timestamp) -> Words {
        Words::new("Your account is restored", full_name, SOMETHING_CHANGED)
            .say("Your Countersign account is no longer suspended. Everything is as it was; your API keys work again.")
            .tell([("When", moment(at))])
            .offer("Sign in", self.page("/login"))
    }

    pub fn erasure_ahead(&self, full_name: &str, username: &str, at: Timestamp) -> Words {
        Words::new(
            "Your account will be erased",
            full_name,
            "You get this letter once, because nobody has signed in to this account for a long time.",
        )
        .say("Your Countersign account has not been used for a long time, so it is going to be erased, with everything that is kept about you. This cannot be undone.")
        .tell([("Username", plain(username)), ("Erased after", moment(at))])
        .say("To keep it, sign in before then; nothing more is needed. If you cannot sign in, write to the person who looks after your accounts. If you no longer need it, there is nothing to do.")
        .offer("Sign in", self.page("/login"))
    }

    pub fn has_other_roles(&self, full_name: &str, roles: &[String], at: Timestamp) -> Words {
        Words::new("Your roles were changed", full_name, SOMETHING_CHANGED)
            .say("What you may do in Countersign has changed. You may have to sign in again.")
            .tell([("Your roles", plain(&roles.join(", "))), ("When", moment(at))])
            .say("If you did not expect this, tell the person who looks after your accounts.")
            .offer("Look at your account", self.page("/account"))
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
