//! What the trail tells of how personal texts are kept.

use serde_json::{Value, json};

/// From now on personal texts are kept in another way.
#[derive(Debug, Clone)]
pub enum Change {
    Encrypted { key: String },
    NewKey { key: String },
    Decrypted,
}

impl Change {
    pub const fn action(&self) -> &'static str {
        match self {
            Self::Encrypted { .. } => "personal_data.encrypted",
            Self::NewKey { .. } => "personal_data.key_changed",
            Self::Decrypted => "personal_data.decrypted",
        }
    }

    /// Never the key itself: its name.
    pub fn details(&self) -> Value {
        match self {
            Self::Encrypted { key } | Self::NewKey { key } => json!({ "key": key }),
            Self::Decrypted => json!({}),
        }
    }
}
