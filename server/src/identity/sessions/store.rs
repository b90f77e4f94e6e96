//! Somebody's open sessions in the store.

use crate::{
    Result,
    db::{Db, Open, Tx},
    identity::Purpose,
};
use domain::{PersonId, SessionId, Timestamp, device::Device};

/// A session that is open, as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct OpenSession {
    pub id: SessionId,
    kind: String,
    pub role_name: String,
    pub ip: String,
    pub user_agent: String,
    pub remembered: bool,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

impl OpenSession {
    /// Whether a browser has it; else a program signed in over the API.
    pub fn is_browser(&self) -> bool {
        self.kind == Purpose::Session.word()
    }

    pub fn device(&self) -> Device {
        Device::read(&self.user_agent)
    }
}

/// From when on a session counts as open.
pub(super) struct StillOpen {
    pub now: Timestamp,
    /// A browser's, unless it is remembered.
    pub seen_after: Timestamp,
    /// A program's, where no refresh token is left that could wake it.
    pub token_after: Timestamp,
}

pub(super) async fn open(db: &Db, person: PersonId, rules: StillOpen) -> Result<Vec<OpenSession>> {
    fetch_all!(
        db,
        OpenSession,
        "select s.id, s.kind, r.name as role_name, s.ip, s.user_agent, s.remembered, s.created_at, s.last_seen_at, s.expires_at
         from sessions s join roles r on r.code = s.role_code
         where s.person_id = $1 and s.ended_at is null and s.expires_at > $2
           and exists (select 1 from person_roles h where h.person_id = s.person_id and h.role_code = s.role_code)
           and case when s.kind = $5
                    then s.last_seen_at > $4 or s.created_at > $4
                         or exists (select 1 from refresh_tokens t where t.session_id = s.id and t.used_at is null and t.expires_at > $2)
                    else s.remembered or s.last_seen_at > $3 end
         order by s.last_seen_at desc, s.id desc limit 200",
        person,
        rules.now,
        rules.seen_after,
        rules.token_after,
        Purpose::Access.word(),
    )
}

/// Ends the session; answers its device in words, or nothing where there is none to end.
pub(in crate::identity) async fn end_one(
    tx: &mut Tx<Open>,
    person: PersonId,
    session: SessionId,
) -> Result<Option<String>> {
    let at = tx.at();
    let ended: Option<(String,)> = fetch_optional!(
        tx,
        (String,),
        "update sessions set ended_at = $3 where id = $1 and person_id = $2 and ended_at is null and expires_at > $3
         returning user_agent",
        session,
        person,
        at,
    )?;
    Ok(ended.map(|(user_agent,)| Device::read(&user_agent).name))
}

/// Whether there is such a person.
pub(super) async fn is_somebody(tx: &mut Tx<Open>, person: PersonId) -> Result<bool> {
    let found = fetch_optional!(tx, (PersonId,), "select id from people where id = $1", person)?;
    Ok(found.is_some())
}
