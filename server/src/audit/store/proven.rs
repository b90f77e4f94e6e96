//! Entries as they are proven: the bytes that `draft.rs` sealed, read back with as few columns as possible.

use super::super::{
    draft::{BETWEEN, NOTHING},
    notary::{Notary, Seal, personal},
};
use crate::{
    Result,
    db::{Db, Lane},
};
use futures::TryStreamExt;
use sqlx::{AssertSqlSafe, Row};

/// What is told once it was erased: no detail, no address, no program.
const EMPTIED: &str = "{}\u{1f}\u{1e}\u{1f}\u{1e}";
const SALT: usize = 16;
const ERASED: usize = 64;

/// An entry as it comes from the store.
#[derive(Debug, Clone, Copy)]
pub(in crate::audit) struct Proven<'r> {
    pub place: i64,
    pub seal: &'r [u8],
    pub fixed: &'r str,
    pub told: &'r str,
    /// The salt; or, where it was erased, the digest of what was told and the proof of the erasure.
    pub secret: &'r [u8],
}

/// Why an entry is not proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::audit) struct Unproven;

impl Proven<'_> {
    pub(in crate::audit) fn is_erased(&self) -> bool {
        self.secret.len() == ERASED
    }

    /// What the program sealed when it wrote this entry. `buffer` is filled anew each time, to be used again and again.
    pub(in crate::audit) fn stamp(&self, notary: &Notary, buffer: &mut Vec<u8>) -> Result<Seal, Unproven> {
        let digest = self.digest(notary)?;
        spelled(self.fixed, buffer);
        Ok(notary.stamp(buffer, &digest))
    }

    /// The digest of what is told of a person, or was.
    pub(in crate::audit) fn digest(&self, notary: &Notary) -> Result<Seal, Unproven> {
        match self.secret.len() {
            SALT => Ok(personal(self.secret, self.told.as_bytes())),
            ERASED => {
                let (digest, proof) = self.secret.split_first_chunk::<32>().ok_or(Unproven)?;
                let is_ours = self.told == EMPTIED && notary.erasure(self.place, digest) == *proof;
                if is_ours { Ok(*digest) } else { Err(Unproven) }
            }
            _ => Err(Unproven),
        }
    }
}

/// One engine writes ids in capitals and one does not; they are sealed in capitals.
pub(in crate::audit) fn spelled(fixed: &str, buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.extend_from_slice(fixed.as_bytes());
    let ids = fixed.find(BETWEEN).unwrap_or(0);
    if let Some(ids) = buffer.get_mut(..ids) {
        ids.make_ascii_uppercase();
    }
}

/// The columns `place, seal, fixed, told, secret`.
pub(super) fn columns<S, P>(on: &Lane<S, P>) -> String {
    let ids = ["id", "actor_id", "session_id", "person_id", "api_key_id"].map(|name| match on {
        Lane::Sqlite(_) => format!("hex(a.{name})"),
        Lane::Postgres(_) => format!("coalesce(encode(uuid_send(a.{name}), 'hex'), '')"),
    });
    let or_nothing = |name: &str| format!("coalesce(a.{name}, '{NOTHING}')");
    format!(
        "a.place, a.seal,
         concat_ws('{BETWEEN}', concat_ws('-', {}), a.at, a.action, a.outcome, a.actor_kind, {}, a.subject_kind, {}, {}) as fixed,
         concat_ws('{BETWEEN}', a.details, {}, {}) as told, coalesce(a.erased, a.salt) as secret",
        ids.join(", "),
        or_nothing("role_code"),
        or_nothing("subject_id"),
        or_nothing("request_id"),
        or_nothing("ip"),
        or_nothing("user_agent"),
    )
}

/// Shows the entries after one place and up to another, in their order. They come in a stream, so none is kept.
pub(in crate::audit) async fn walk(
    db: &Db,
    after: i64,
    up_to: i64,
    mut look: impl FnMut(Proven<'_>) + Send,
) -> Result<()> {
    let lane = db.lane();
    let sql = format!(
        "select {} from audit a where a.place > $1 and a.place <= $2 order by a.place",
        columns(&lane)
    );
    macro_rules! stream {
        ($on:expr) => {{
            let mut rows = sqlx::query(AssertSqlSafe(sql)).bind(after).bind(up_to).fetch($on);
            loop {
                match rows.try_next().await {
                    Ok(Some(row)) => look(Proven {
                        place: row.try_get(0)?,
                        seal: row.try_get::<Option<&[u8]>, _>(1)?.unwrap_or_default(),
                        fixed: row.try_get(2)?,
                        told: row.try_get(3)?,
                        secret: row.try_get::<Option<&[u8]>, _>(4)?.unwrap_or_default(),
                    }),
                    Ok(None) => return Ok(()),
                    Err(cause) => return Err(db.why(cause).await),
                }
            }
        }};
    }
    match lane {
        Lane::Sqlite(on) => stream!(on),
        Lane::Postgres(on) => stream!(on),
    }
}
