//! What is kept about somebody, in the store: rows as they are told. Nothing secret is among the columns: no hash, no fingerprint,
//! no key, no part of one.

use crate::{Result, db::Db, http::moments::iso};
use domain::{
    PersonId, Timestamp,
    at_rest::Private,
    note::NoteText,
    person::{EmailAddress, FullName, PersonStatus},
};
use serde::{Serialize, Serializer};
use serde_json::Value;
use uuid::Uuid;

/// A moment, told as the API tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub(in crate::privacy) struct At(pub Timestamp);

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&iso(self.0))
    }
}

/// The account itself.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct AccountTold {
    id: PersonId,
    username: String,
    full_name: FullName,
    pub email: EmailAddress,
    /// What a company's directory calls them.
    external_id: Option<String>,
    status: PersonStatus,
    has_password: bool,
    must_have_second_factor: bool,
    created_at: At,
    updated_at: At,
    last_login_at: Option<At>,
    login_count: i64,
    locked_until: Option<At>,
    erasure_announced_at: Option<At>,
    theme: Option<String>,
    time_zone: Option<String>,
    language: String,
}

macro_rules! told {
    ($(#[$meta:meta])* $name:ident, $sql:literal, { $($field:ident: $kind:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Serialize, sqlx::FromRow)]
        struct $name { $($field: $kind),+ }

        impl $name {
            async fn of(db: &Db, person: PersonId) -> Result<Vec<Self>> {
                fetch_all!(db, Self, $sql, person)
            }
        }
    };
}

told!(RoleTold,
    "select r.code, r.name from person_roles h join roles r on r.code = h.role_code where h.person_id = $1 order by h.position",
    { code: String, name: String });

told!(EmailChangeTold,
    "select new_email, asked_at, expires_at, confirmed_at, approved_at from email_changes where person_id = $1",
    { new_email: EmailAddress, asked_at: At, expires_at: At, confirmed_at: Option<At>, approved_at: Option<At> });

told!(SessionTold,
    "select id, kind, role_code as role, ip, user_agent, remembered, created_at, last_seen_at, expires_at, ended_at, second_factor
     from sessions where person_id = $1 order by created_at",
    { id: Uuid, kind: String, role: String, ip: String, user_agent: String, remembered: bool, created_at: At, last_seen_at: At,
      expires_at: At, ended_at: Option<At>, second_factor: Option<String> });

told!(/// The password was right, and no session came of it yet.
    PendingTold,
    "select kind, stage, ip, user_agent, vouched_by, created_at, expires_at from pending_sign_ins where person_id = $1 order by created_at",
    { kind: String, stage: String, ip: String, user_agent: String, vouched_by: Option<String>, created_at: At, expires_at: At });

told!(RememberedTold,
    "select ip, user_agent, created_at, last_used_at, expires_at from remembered_devices where person_id = $1 order by created_at",
    { ip: String, user_agent: String, created_at: At, last_used_at: At, expires_at: At });

told!(KnownTold,
    "select last_seen_at from known_devices where person_id = $1 order by last_seen_at",
    { last_seen_at: At });

told!(KeyTold,
    "select id, name, role_code as role, scopes, created_at, expires_at, last_used_at, last_used_ip, revoked_at
     from api_keys where person_id = $1 order by created_at",
    { id: Uuid, name: String, role: String, scopes: String, created_at: At, expires_at: Option<At>, last_used_at: Option<At>,
      last_used_ip: Option<String>, revoked_at: Option<At> });

told!(PasskeyTold,
    "select name, created_at, last_used_at from passkeys where person_id = $1 order by created_at",
    { name: String, created_at: At, last_used_at: Option<At> });

told!(FactorTold,
    "select 'totp' as method, enrolled_at from app_factors where person_id = $1
     union all select method, enrolled_at from code_factors where person_id = $1 order by 2",
    { method: String, enrolled_at: At });

told!(RecoveryTold,
    "select made_at, used_at from recovery_codes where person_id = $1 order by made_at, used_at",
    { made_at: At, used_at: Option<At> });

told!(ProviderTold,
    "select issuer, subject, linked_at, last_used_at from provider_links where person_id = $1 order by linked_at",
    { issuer: String, subject: String, linked_at: At, last_used_at: At });

told!(LinkTold,
    "select purpose, email, created_at, expires_at from links where person_id = $1 order by created_at",
    { purpose: String, email: EmailAddress, created_at: At, expires_at: At });

told!(/// Who wrote it is somebody else's to tell.
    NoteTold,
    "select text, created_at from person_notes where person_id = $1 order by created_at",
    { text: NoteText, created_at: At });

told!(/// Files of people that they brought in. Which one brought them says the entry of the trail that made them.
    ImportTold,
    "select id, file_name, state, ip, user_agent, created_at from imports where actor_id = $1 order by created_at",
    { id: Uuid, file_name: String, state: String, ip: Option<String>, user_agent: Option<String>, created_at: At });

pub(in crate::privacy) async fn account(db: &Db, person: PersonId) -> Result<Option<AccountTold>> {
    fetch_optional!(
        db,
        AccountTold,
        "select id, username, full_name, email, external_id, status, password_hash is not null as has_password, must_have_second_factor,
                created_at, updated_at, nullif(last_login_at, 0) as last_login_at, login_count, locked_until,
                erasure_warned_at as erasure_announced_at, theme, time_zone, language
         from people where id = $1",
        person,
    )
}

/// The sections that hold a bounded number of rows each, by their names.
pub(in crate::privacy) async fn sections(
    db: &Db,
    person: PersonId,
    phone: Option<String>,
) -> Result<Vec<(&'static str, Value)>> {
    let told = |rows: serde_json::Result<Value>| {
        rows.map_err(|cause| crate::Error::from(anyhow::Error::from(cause)))
    };
    macro_rules! rows {
        ($kind:ident) => {
            told(serde_json::to_value($kind::of(db, person).await?))?
        };
    }
    let factors = serde_json::json!({
        "ways": rows!(FactorTold),
        "phone_number": phone,
        "passkeys": rows!(PasskeyTold),
        "recovery_codes": rows!(RecoveryTold),
    });
    Ok(vec![
        ("roles", rows!(RoleTold)),
        ("email_changes", rows!(EmailChangeTold)),
        ("sessions", rows!(SessionTold)),
        ("sign_ins_under_way", rows!(PendingTold)),
        ("remembered_devices", rows!(RememberedTold)),
        ("known_devices", rows!(KnownTold)),
        ("api_keys", rows!(KeyTold)),
        ("second_factors", factors),
        ("providers", rows!(ProviderTold)),
        ("links", rows!(LinkTold)),
        ("notes", rows!(NoteTold)),
        ("imports", rows!(ImportTold)),
    ])
}

fn told_as_it_is<S: Serializer>(text: &Option<Private>, serializer: S) -> Result<S::Ok, S::Error> {
    text.as_ref().map(|text| &text.0).serialize(serializer)
}

/// A letter or message to them: which one and when. What it said is not kept for long, and links and codes never.
#[derive(Debug, Serialize, sqlx::FromRow)]
pub(in crate::privacy) struct LetterTold {
    #[serde(skip)]
    pub id: Uuid,
    kind: String,
    #[serde(serialize_with = "told_as_it_is")]
    to: Option<Private>,
    state: String,
    pub written_at: At,
    sent_at: Option<At>,
}

/// Letters after this one, the oldest first.
pub(in crate::privacy) async fn letters(
    db: &Db,
    person: PersonId,
    email: &str,
    after: (At, Uuid),
    most: i64,
) -> Result<Vec<LetterTold>> {
    fetch_all!(
        db,
        LetterTold,
        "select o.id, coalesce(o.letter, o.kind) as kind, o.recipient as \"to\", o.state, o.created_at as written_at,
                o.done_at as sent_at
         from outbox o
         where (o.person_id = $1 or o.recipient = $2) and o.kind in ('mail', 'code') and (o.created_at, o.id) > ($3, $4)
         order by o.created_at, o.id limit $5",
        person,
        Private(email.to_lowercase()),
        after.0,
        after.1,
        most,
    )
}

/// An entry of the trail about them, or of what they did.
#[derive(Debug, sqlx::FromRow)]
pub(in crate::privacy) struct EntryTold {
    pub id: Uuid,
    pub at: At,
    pub action: String,
    pub outcome: String,
    pub actor_kind: String,
    pub actor_id: Option<PersonId>,
    pub subject_kind: String,
    pub subject_id: Option<String>,
    pub person_id: Option<PersonId>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub details: Private,
}

/// Entries after this one, the oldest first: of each of the two indexes no more than are asked for.
pub(in crate::privacy) async fn entries(
    db: &Db,
    person: PersonId,
    after: (At, Uuid),
    most: i64,
) -> Result<Vec<EntryTold>> {
    fetch_all!(
        db,
        EntryTold,
        "select * from (
             select * from (select id, at, action, outcome, actor_kind, actor_id, subject_kind, subject_id, person_id, ip,
                                   user_agent, details
                            from audit where person_id = $1 and (at, id) > ($2, $3) order by at, id limit $4) about
             union all
             select * from (select id, at, action, outcome, actor_kind, actor_id, subject_kind, subject_id, person_id, ip,
                                   user_agent, details
                            from audit
                            where actor_id = $1 and person_id is distinct from $1 and (at, id) > ($2, $3)
                            order by at, id limit $4) done
         ) both_of_them order by at, id limit $4",
        person,
        after.0,
        after.1,
        most,
    )
}
