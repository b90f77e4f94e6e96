//! What things are and the rules that always hold. Pure: no I/O, no clock, no async; the browser compiles it too,
//! so that a form is checked by the same functions on both sides.

pub mod api_key;
#[cfg(feature = "store")]
pub mod at_rest;
pub mod dashboard;
pub mod device;
pub mod fields;
pub mod folding;
pub mod ids;
pub mod listing;
pub mod note;
pub mod password;
pub mod permission;
pub mod person;
pub mod phone;
pub mod preferences;
pub mod role;
pub mod second_factor;
pub mod timestamp;

pub use fields::{FieldError, FieldErrors};
pub use ids::{ApiKeyId, AuditId, BulkChangeId, ImportId, JobId, NoteId, PasskeyId, PersonId, SessionId};
pub use permission::{Permission, PermissionGroup, Permissions};
pub use role::RoleCode;
pub use timestamp::Timestamp;
