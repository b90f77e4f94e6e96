//! What happens to second factors, as the audit trail tells it and as their owner is told. Nothing secret is in it.

use super::CodeMessage;
use crate::{events::Owner, mail::Letter, outbox::Job};
use domain::{PersonId, Timestamp, second_factor::Method};
use serde_json::{Value, json};

/// Something that happened to somebody's second factors.
#[derive(Debug, Clone)]
pub struct Change {
    pub person: PersonId,
    pub kind: ChangeKind,
}

#[derive(Debug, Clone)]
pub enum ChangeKind {
    /// A secret was shown, or a code sent, to set up a factor.
    EnrolmentBegun {
        method: Method,
    },
    Enrolled {
        method: Method,
        tell: Tell,
    },
    PasskeyAdded {
        name: String,
        tell: Tell,
    },
    PasskeyRenamed {
        before: String,
        after: String,
    },
    PasskeyRemoved {
        name: String,
        tell: Tell,
    },
    /// A passkey's counter went back, as that of a copy does; it was refused.
    PasskeyCopied {
        name: String,
    },
    Removed {
        methods: Vec<Method>,
        tell: Tell,
    },
    /// The owner is told where the codes are not part of a new factor.
    RecoveryCodesMade {
        count: usize,
        tell: Option<Tell>,
    },
    RecoveryCodeUsed {
        left: i64,
        tell: Tell,
    },
    CodeSent {
        method: Method,
        occasion: &'static str,
        message: CodeMessage,
    },
    /// A code was right.
    Accepted {
        method: Method,
    },
}

/// Whom to tell, and when it happened.
#[derive(Debug, Clone)]
pub struct Tell {
    pub owner: Owner,
    pub at: Timestamp,
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self.kind {
            ChangeKind::EnrolmentBegun { .. } => "second_factor.enrolment_begun",
            ChangeKind::Enrolled { .. } | ChangeKind::PasskeyAdded { .. } => "second_factor.enrolled",
            ChangeKind::Removed { .. } | ChangeKind::PasskeyRemoved { .. } => "second_factor.removed",
            ChangeKind::PasskeyRenamed { .. } => "second_factor.passkey_renamed",
            ChangeKind::PasskeyCopied { .. } => "second_factor.passkey_copied",
            ChangeKind::RecoveryCodesMade { .. } => "second_factor.recovery_codes_made",
            ChangeKind::RecoveryCodeUsed { .. } => "second_factor.recovery_code_used",
            ChangeKind::CodeSent { .. } => "second_factor.code_sent",
            ChangeKind::Accepted { .. } => "second_factor.accepted",
        }
    }

    pub const fn outcome(&self) -> &'static str {
        match self.kind {
            ChangeKind::PasskeyCopied { .. } => "refused",
            _ => "done",
        }
    }

    pub fn details(&self) -> Value {
        match &self.kind {
            ChangeKind::EnrolmentBegun { method } | ChangeKind::Accepted { method } => {
                json!({ "method": method })
            }
            ChangeKind::Enrolled { method, .. } => {
                json!({ "method": method, "changes": { "second_factor": { "after": method } } })
            }
            ChangeKind::PasskeyAdded { name, .. } => {
                json!({ "method": Method::Passkey, "changes": { "passkey": { "after": name } } })
            }
            ChangeKind::PasskeyRenamed { before, after } => {
                json!({ "changes": { "passkey": { "before": before, "after": after } } })
            }
            ChangeKind::PasskeyRemoved { name, .. } => {
                json!({ "method": Method::Passkey, "changes": { "passkey": { "before": name } } })
            }
            ChangeKind::PasskeyCopied { name } => json!({ "method": Method::Passkey, "passkey": name }),
            ChangeKind::Removed { methods, .. } => {
                json!({ "changes": { "second_factor": { "before": methods } } })
            }
            ChangeKind::RecoveryCodesMade { count, .. } => json!({ "count": count }),
            ChangeKind::RecoveryCodeUsed { left, .. } => json!({ "method": Method::Recovery, "left": left }),
            ChangeKind::CodeSent { method, occasion, .. } => {
                json!({ "method": method, "occasion": occasion })
            }
        }
    }

    pub fn jobs(&self) -> Vec<Job> {
        match &self.kind {
            ChangeKind::Enrolled { method, tell } => {
                vec![tell.letter(|to, full_name, at| Letter::SecondFactorAdded {
                    to,
                    full_name,
                    factor: in_words(*method).to_owned(),
                    at,
                })]
            }
            ChangeKind::PasskeyAdded { name, tell } => {
                vec![tell.letter(|to, full_name, at| Letter::SecondFactorAdded {
                    to,
                    full_name,
                    factor: passkey_in_words(name),
                    at,
                })]
            }
            ChangeKind::PasskeyRemoved { name, tell } => {
                vec![tell.letter(|to, full_name, at| Letter::SecondFactorRemoved {
                    to,
                    full_name,
                    factor: passkey_in_words(name),
                    at,
                })]
            }
            ChangeKind::Removed { methods, tell } => {
                let words: Vec<&str> = methods.iter().copied().map(in_words).collect();
                vec![tell.letter(|to, full_name, at| Letter::SecondFactorRemoved {
                    to,
                    full_name,
                    factor: words.join(" and "),
                    at,
                })]
            }
            ChangeKind::RecoveryCodesMade { tell: Some(tell), .. } => {
                vec![tell.letter(|to, full_name, at| Letter::RecoveryCodesRenewed { to, full_name, at })]
            }
            ChangeKind::RecoveryCodeUsed { left, tell } => {
                vec![tell.letter(|to, full_name, at| Letter::RecoveryCodeUsed {
                    to,
                    full_name,
                    left: *left,
                    at,
                })]
            }
            ChangeKind::CodeSent { message, .. } => vec![Job::Code(message.clone())],
            ChangeKind::EnrolmentBegun { .. }
            | ChangeKind::PasskeyRenamed { .. }
            | ChangeKind::PasskeyCopied { .. }
            | ChangeKind::RecoveryCodesMade { tell: None, .. }
            | ChangeKind::Accepted { .. } => Vec::new(),
        }
    }
}

impl Tell {
    fn letter(&self, write: impl FnOnce(String, String, Timestamp) -> Letter) -> Job {
        Job::Mail(write(self.owner.email.to_string(), self.owner.full_name.to_string(), self.at))
    }
}

/// A factor in the middle of a sentence.
const fn in_words(method: Method) -> &'static str {
    match method {
        Method::Passkey => "passkeys",
        Method::Totp => "an authenticator app",
        Method::Sms => "codes by text message",
        Method::Email => "codes by e-mail",
        Method::Recovery => "recovery codes",
    }
}

fn passkey_in_words(name: &str) -> String {
    format!("the passkey “{name}”")
}
