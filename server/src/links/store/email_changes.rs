//! E-mail addresses that wait to be confirmed, in the store.

use crate::{
    Result,
    db::{Db, Lane, Open, Tx},
};
use domain::{PersonId, Timestamp, person::EmailAddress};

use super::Holder;

/// A change that waits for one of its two confirmations, or for both.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct EmailChange {
    pub new_email: EmailAddress,
    pub asked_at: Timestamp,
    pub expires_at: Timestamp,
    /// By the link that went to the new address.
    pub confirmed_at: Option<Timestamp>,
    /// By the link that went to the present one.
    pub approved_at: Option<Timestamp>,
}

impl EmailChange {
    pub const fn is_complete(&self) -> bool {
        self.confirmed_at.is_some() && self.approved_at.is_some()
    }
}

pub(in crate::links) async fn find(db: &Db, person: PersonId, now: Timestamp) -> Result<Option<EmailChange>> {
    fetch_optional!(
        db,
        EmailChange,
        "select new_email, asked_at, expires_at, confirmed_at, approved_at from email_changes
         where person_id = $1 and expires_at > $2",
        person,
        now,
    )
}

/// Keeps a new wish in the place of the one before.
pub(in crate::links) async fn put(
    tx: &mut Tx<Open>,
    person: PersonId,
    new_email: &EmailAddress,
    expires_at: Timestamp,
) -> Result<()> {
    let at = tx.at();
    execute!(
        tx,
        "insert into email_changes (person_id, new_email, asked_at, expires_at) values ($1, $2, $3, $4)
         on conflict (person_id) do update
         set new_email = excluded.new_email, asked_at = excluded.asked_at, expires_at = excluded.expires_at,
             confirmed_at = null, approved_at = null",
        person,
        new_email,
        at,
        expires_at,
    )?;
    Ok(())
}

/// Notes that one of the two agreed; answers the change as it stands then.
pub(in crate::links) async fn note(
    tx: &mut Tx<Open>,
    person: PersonId,
    side: Side,
) -> Result<Option<EmailChange>> {
    let at = tx.at();
    let (confirmed, approved) = match side {
        Side::New => (Some(at), None),
        Side::Present => (None, Some(at)),
    };
    fetch_optional!(
        tx,
        EmailChange,
        "update email_changes set confirmed_at = coalesce(confirmed_at, $2), approved_at = coalesce(approved_at, $3)
         where person_id = $1 and expires_at > $4
         returning new_email, asked_at, expires_at, confirmed_at, approved_at",
        person,
        confirmed,
        approved,
        at,
    )
}

/// Which of the two addresses a letter went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    New,
    Present,
}

impl Side {
    pub(in crate::links) const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Present => "present",
        }
    }
}

/// Takes the wish back, with its links; answers whether there was one.
pub(in crate::links) async fn forget(tx: &mut Tx<Open>, person: PersonId) -> Result<Option<EmailAddress>> {
    execute!(
        tx,
        "delete from links where person_id = $1 and purpose in ('email_new', 'email_present')",
        person
    )?;
    let sql = "delete from email_changes where person_id = $1 returning new_email";
    Ok(fetch_optional!(tx, (EmailAddress,), sql, person)?.map(|(email,)| email))
}

/// Gives the person the new address, unless it is somebody else's; answers whether it was given. Every link that was sent to the
/// old one is worthless from then on.
pub(in crate::links) async fn move_to(
    tx: &mut Tx<Open>,
    holder: &Holder,
    new_email: &EmailAddress,
) -> Result<bool> {
    let at = tx.at();
    if let Lane::Postgres(on) = tx.lane() {
        // Of two who get one address at the same moment the second one waits, instead of breaking the index.
        sqlx::query("select pg_advisory_xact_lock(7204150925)").execute(on).await?;
    }
    let findable = tx.at_rest().findable(&holder.username, &holder.full_name, new_email);
    let moved = execute!(
        tx,
        "update people set email = $2, search_text = $3, updated_at = $4, version = version + 1
         where id = $1 and not exists (select 1 from people o where o.email = $2)",
        holder.id,
        new_email,
        findable.search_text.as_str(),
        at,
    )?;
    Ok(moved > 0)
}

/// Removes wishes whose time is over, a bounded number at a time.
pub(in crate::links) async fn forget_expired(tx: &mut Tx<Open>) -> Result<()> {
    let now = tx.at();
    execute!(
        tx,
        "delete from email_changes where person_id in
         (select person_id from email_changes where expires_at < $1 order by expires_at limit 10000)",
        now
    )?;
    Ok(())
}
