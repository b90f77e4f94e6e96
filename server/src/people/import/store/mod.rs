//! Imports in the store. `progress` is how a worker holds one and brings it on, `rows` what was uploaded, `people` those of whom
//! it speaks.

pub(super) mod people;
pub(super) mod progress;
pub(super) mod rows;

use super::choices::{BadRows, Choices, Existing, WithoutPassword};
use crate::{
    Origin, Result,
    db::{Db, Open, Tx},
    origin::Doer,
};
use domain::{ImportId, Permission, Permissions, PersonId, RoleCode, SessionId, Timestamp, person::FullName};
use std::time::Duration;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum State {
    /// Its file comes in.
    Reading,
    /// Its file was looked at, and somebody decides.
    Checked,
    Waiting,
    Running,
    /// Everybody is there, and the last letters leave.
    Inviting,
    Done,
    Failed,
    Cancelled,
}

impl State {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Checked => "checked",
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Inviting => "inviting",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether somebody still works on it.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::Waiting | Self::Running | Self::Inviting)
    }
}

/// What a check found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    pub people: i64,
    pub fresh: i64,
    pub changed: i64,
    pub same: i64,
    pub wrong: i64,
}

/// An import.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Import {
    pub id: ImportId,
    pub state: State,
    pub file_name: String,
    pub existing: Existing,
    pub without_password: WithoutPassword,
    pub bad_rows: BadRows,
    pub ignored: String,
    pub people: i64,
    pub fresh: i64,
    pub changed: i64,
    pub same: i64,
    pub wrong: i64,
    pub place: i64,
    pub made: i64,
    pub updated: i64,
    pub skipped: i64,
    /// Why it failed, in words for people.
    pub trouble: Option<String>,
    pub created_at: Timestamp,
    pub ended_at: Option<Timestamp>,
    /// Who began it, where they still are there.
    pub begun_by: Option<FullName>,
    pub(super) claim: i64,
    actor_kind: String,
    actor_id: Option<PersonId>,
    role_code: Option<RoleCode>,
    session_id: Option<SessionId>,
    ip: Option<String>,
    user_agent: Option<String>,
    request_id: Option<String>,
    holds: String,
}

const COLUMNS: &str = "i.id, i.state, i.file_name, i.existing, i.without_password, i.bad_rows, i.ignored, i.people, i.fresh, i.changed,
    i.same, i.wrong, i.place, i.made, i.updated, i.skipped, i.trouble, i.created_at, i.ended_at, i.claim, i.actor_kind, i.actor_id,
    i.role_code, i.session_id, i.ip, i.user_agent, i.request_id, i.holds,
    (select b.full_name from people b where b.id = i.actor_id) as begun_by";

impl Import {
    pub const fn choices(&self) -> Choices {
        Choices { existing: self.existing, without_password: self.without_password }
    }

    /// Whoever began it, as the trail names them.
    pub(super) fn origin(&self) -> Origin {
        let doer = match (self.actor_kind.as_str(), self.actor_id, &self.role_code, self.session_id) {
            ("person", Some(id), Some(role), Some(session)) => {
                Doer::Person { id, role: role.clone(), session }
            }
            ("operator", ..) => Doer::Operator,
            _ => Doer::Program,
        };
        Origin {
            doer,
            ip: self.ip.clone(),
            user_agent: self.user_agent.clone(),
            request_id: self.request_id.clone(),
            device: None,
            session: None,
        }
    }

    pub(super) const fn actor(&self) -> Option<PersonId> {
        self.actor_id
    }

    /// In which role whoever began it did so.
    pub(super) const fn role(&self) -> Option<&RoleCode> {
        self.role_code.as_ref()
    }

    pub(super) fn holds(&self) -> Permissions {
        self.holds.split(' ').filter_map(Permission::from_code).collect()
    }
}

pub(super) async fn insert(
    tx: &mut Tx<Open>,
    id: ImportId,
    choices: Choices,
    file_name: &str,
    doing: (&Origin, Permissions),
) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into imports (id, state, file_name, existing, without_password, actor_kind, holds, created_at)
         values ($1, $2, $3, $4, $5, '', '', $6)",
        id,
        State::Reading,
        file_name,
        choices.existing,
        choices.without_password,
        at,
    )?;
    take_over(tx, id, doing).await
}

/// Writes down whose doing it is from now on, and what they may do.
pub(super) async fn take_over(
    tx: &mut Tx<Open>,
    id: ImportId,
    (origin, holds): (&Origin, Permissions),
) -> Result<()> {
    let (actor, role, session) = match &origin.doer {
        Doer::Person { id, role, session } => (Some(*id), Some(role.clone()), Some(*session)),
        _ => (None, None, None),
    };
    let holds: Vec<&str> = holds.iter().map(Permission::code).collect();
    execute!(
        tx,
        "update imports set actor_kind = $2, actor_id = $3, role_code = $4, session_id = $5, ip = $6, user_agent = $7,
                request_id = $8, holds = $9
         where id = $1",
        id,
        origin.doer.kind(),
        actor,
        role,
        session,
        origin.ip.clone(),
        origin.user_agent.clone(),
        origin.request_id.clone(),
        holds.join(" "),
    )?;
    Ok(())
}

/// Writes down what the check found.
pub(super) async fn checked(tx: &mut Tx<Open>, id: ImportId, counts: Counts, ignored: &str) -> Result<()> {
    execute!(
        tx,
        "update imports set state = $2, people = $3, fresh = $4, changed = $5, same = $6, wrong = $7, ignored = $8
         where id = $1",
        id,
        State::Checked,
        counts.people,
        counts.fresh,
        counts.changed,
        counts.same,
        counts.wrong,
        ignored,
    )?;
    Ok(())
}

pub(super) async fn find(db: &Db, id: ImportId) -> Result<Option<Import>> {
    let sql = format!("select {COLUMNS} from imports i where i.id = $1");
    fetch_optional!(db, Import, sqlx::AssertSqlSafe(sql), id)
}

/// The same in a transaction.
pub(super) async fn find_within(tx: &mut Tx<Open>, id: ImportId) -> Result<Option<Import>> {
    let sql = format!("select {COLUMNS} from imports i where i.id = $1");
    fetch_optional!(tx, Import, sqlx::AssertSqlSafe(sql), id)
}

/// The newest, without those whose file never came.
pub(super) async fn newest(db: &Db, limit: i64) -> Result<Vec<Import>> {
    let sql = format!(
        "select {COLUMNS} from imports i where i.state <> 'reading' order by i.created_at desc, i.id desc limit $1"
    );
    fetch_all!(db, Import, sqlx::AssertSqlSafe(sql), limit)
}

/// Forgets an upload of which nothing is to stay.
pub(super) async fn remove(tx: &mut Tx<Open>, id: ImportId) -> Result<()> {
    execute!(tx, "delete from imports where id = $1", id)?;
    Ok(())
}

/// Forgets uploads that came to nothing, what nobody started within a day, and what ended a month ago.
pub(super) async fn forget(tx: &mut Tx<Open>) -> Result<()> {
    let before = |hours: u64| tx.at().before(Duration::from_secs(hours * 3_600));
    let (stuck, unused, old) = (before(1), before(24), before(30 * 24));
    execute!(
        tx,
        "delete from imports
         where (state = 'reading' and created_at < $1) or (state = 'checked' and created_at < $2) or ended_at < $3",
        stuck,
        unused,
        old,
    )?;
    Ok(())
}
