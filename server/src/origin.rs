//! Where a request or command came from: what an audit entry says besides what happened.

use domain::{ApiKeyId, PersonId, RoleCode, SessionId};

/// Who acts, from where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    pub doer: Doer,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
    /// The mark of the browser: a secret that it keeps from one sign-in to the next.
    pub device: Option<String>,
    /// The good session that the browser's cookie led to. Whoever signs in there now ends it.
    pub session: Option<OpenHere>,
}

/// A session that is open in the browser that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenHere {
    pub person: PersonId,
    pub id: SessionId,
}

/// Who did it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Doer {
    /// Someone who has not signed in.
    #[default]
    Anonymous,
    /// A person, in the role they act in.
    Person { id: PersonId, role: RoleCode, session: SessionId },
    /// A program with a key of this person, in the role of the key.
    Key { id: PersonId, role: RoleCode, key: ApiKeyId },
    /// Whoever has the machine: the command line.
    Operator,
    /// The program itself: timers and workers.
    Program,
}

impl Doer {
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Person { .. } => "person",
            Self::Key { .. } => "api key",
            Self::Operator => "operator",
            Self::Program => "program",
        }
    }
}

impl Origin {
    pub fn operator() -> Self {
        Self { doer: Doer::Operator, ..Self::default() }
    }

    pub fn program() -> Self {
        Self { doer: Doer::Program, ..Self::default() }
    }

    /// The same place, once it is known who is there.
    pub fn with(&self, doer: Doer) -> Self {
        Self { doer, ..self.clone() }
    }
}
