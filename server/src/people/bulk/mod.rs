//! One change for many people: first it is written down who they are, so that it can be confirmed for exactly them; then it is
//! made for some of them at a time, for each in a transaction of its own, by the service that changes one.

mod action;
mod store;

pub use action::BulkAction;

use super::{Done, People, UpdateForm, Updated};
use crate::{
    Actor, Error, Origin, Result,
    db::Housekeeping,
    permit::{ChangeMany, Permit, RequireSecondFactor, RestorePerson, SuspendPerson, UpdatePerson},
    roles,
};
use domain::{
    BulkChangeId, FieldErrors, PersonId, RoleCode, Timestamp,
    listing::{PageSize, PeopleQuery},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, time::Duration};

/// So many people at most are changed by one confirmation.
pub const AT_MOST: usize = 10_000;
/// So many of them for one request.
const AT_A_TIME: usize = 100;
/// So many refusals are told of by name.
const TOLD: usize = 100;
/// What was not confirmed or not finished for so long is forgotten.
const KEPT_FOR: Duration = Duration::from_secs(86_400);
/// So many choices of one person are kept: each window and tab may have one of its own.
const KEPT_OF_ONE: i64 = 20;

const TOO_MANY: &str =
    "That is more than 10,000 people. Narrow the list with a filter, and change them in several steps.";
const NOBODY: &str = "Choose somebody first: tick them in the list.";
const GONE: &str = "This choice of people is no longer there. Choose them again in the list.";
const BEGUN: &str = "This was begun with another role already, which counts for all of them.";
const ROLE_MISSING: &str = "Choose one of the roles in the list";

/// Whom it is about.
#[derive(Debug, Clone)]
pub enum Choice {
    These(Vec<PersonId>),
    /// Everybody whom this question finds.
    Matching(PeopleQuery),
}

/// One change for many people, from the choice to the report.
#[derive(Debug, Clone)]
pub struct BulkChange {
    pub id: BulkChangeId,
    pub action: BulkAction,
    /// In the order in which they are dealt with.
    pub people: Vec<PersonId>,
    /// How many of them were dealt with.
    pub done: usize,
    /// How many of those were changed; the others were so already, or refused.
    pub changed: usize,
    pub refused: usize,
    /// The first of those who were refused.
    pub refusals: Vec<Refusal>,
}

/// Somebody who was not changed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub person: PersonId,
    pub why: String,
}

impl BulkChange {
    /// Where a role was fixed, some may have been changed although nothing of it was written down.
    pub const fn is_begun(&self) -> bool {
        self.done > 0 || self.action.role().is_some()
    }

    pub fn is_over(&self) -> bool {
        self.done >= self.people.len()
    }

    /// How many needed no change.
    pub const fn unchanged(&self) -> usize {
        self.done.saturating_sub(self.changed).saturating_sub(self.refused)
    }
}

impl People {
    /// Writes down whom something is to be done to. Nothing is done yet. Of what the actor had chosen before, the oldest is
    /// forgotten.
    pub async fn choose(
        &self,
        actor: &Actor,
        _permit: &Permit<ChangeMany>,
        action: BulkAction,
        choice: Choice,
    ) -> Result<BulkChangeId> {
        let people = match choice {
            Choice::These(people) => people.into_iter().collect::<BTreeSet<_>>().into_iter().collect(),
            Choice::Matching(query) => self.matching(query).await?,
        };
        if people.is_empty() {
            return Err(Error::Conflict(NOBODY));
        }
        if people.len() > AT_MOST {
            return Err(Error::Conflict(TOO_MANY));
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        let forgotten = tx.at().before(KEPT_FOR);
        store::forget(&mut tx, actor.id(), KEPT_OF_ONE - 1, forgotten).await?;
        let id = BulkChangeId::new(tx.new_id());
        store::insert(&mut tx, id, actor.id(), action, &people).await?;
        tx.commit_housekeeping(Housekeeping::BulkChange).await?;
        Ok(id)
    }

    async fn matching(&self, query: PeopleQuery) -> Result<Vec<PersonId>> {
        let mut query = PeopleQuery { cursor: None, size: PageSize::STRETCH, ..query };
        let mut people = Vec::new();
        loop {
            let page = self.page(&query).await?;
            people.extend(page.people.iter().map(|person| person.id));
            match page.next.or(page.resume) {
                Some(next) if people.len() <= AT_MOST => query.cursor = Some(next),
                _ => return Ok(people),
            }
        }
    }

    /// What the actor has chosen, is about to do or did: by its id, or the newest.
    pub async fn bulk_change(&self, actor: &Actor, id: Option<BulkChangeId>) -> Result<Option<BulkChange>> {
        store::find(&self.ground.db, actor.id(), id, self.forgotten()).await
    }

    /// Those whom the actor has chosen, for a file: whatever they are chosen for, some may be too many to be shown.
    pub async fn chosen_for_export(&self, actor: &Actor, id: BulkChangeId) -> Result<Vec<PersonId>> {
        let chosen = self.bulk_change(actor, Some(id)).await?;
        Ok(chosen.ok_or(Error::Conflict(GONE))?.people)
    }

    /// Makes the change for the next ones. The role is for the actions that give or take one; it counts from the first step on.
    pub async fn go_on(
        &self,
        actor: &Actor,
        id: BulkChangeId,
        role: Option<RoleCode>,
        origin: &Origin,
    ) -> Result<BulkChange> {
        actor.permit::<ChangeMany>(())?;
        let mut change = self.begun(actor, id, role).await?;
        let next: Vec<PersonId> = change.people.iter().skip(change.done).take(AT_A_TIME).copied().collect();
        let before = change.done;
        for person in next {
            match self.change_one(actor, &change.action, person, origin).await {
                Ok(Done::Now) => change.changed += 1,
                Ok(Done::Before) => {}
                Err(error) => {
                    let why = refusal(error)?;
                    change.refused += 1;
                    if change.refusals.len() < TOLD {
                        change.refusals.push(Refusal { person, why });
                    }
                }
            }
            change.done += 1;
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::keep(&mut tx, &change, before).await?;
        tx.commit_housekeeping(Housekeeping::BulkChange).await?;
        Ok(change)
    }

    /// What was chosen, with the role that counts for all of its steps: that of the first request, fixed before anybody is
    /// changed. Whatever ends a step in the middle is followed by the same step, which finds most of it done.
    async fn begun(&self, actor: &Actor, id: BulkChangeId, role: Option<RoleCode>) -> Result<BulkChange> {
        let change = self.confirmed(actor, id).await?;
        if !change.action.is_about_a_role() {
            return Ok(change);
        }
        let change = if change.is_begun() {
            change
        } else {
            self.fix_role(id, role.as_ref()).await?;
            self.confirmed(actor, id).await?
        };
        match role {
            Some(role) if change.action.role() != Some(&role) => Err(Error::Conflict(BEGUN)),
            _ => Ok(change),
        }
    }

    async fn confirmed(&self, actor: &Actor, id: BulkChangeId) -> Result<BulkChange> {
        let chosen = self.bulk_change(actor, Some(id)).await?;
        let chosen = chosen.filter(|change| change.action.changes_people());
        chosen.ok_or(Error::Conflict(GONE))
    }

    async fn fix_role(&self, id: BulkChangeId, role: Option<&RoleCode>) -> Result<()> {
        let role = role.ok_or_else(|| Error::Invalid(FieldErrors::one("role", ROLE_MISSING)))?;
        if !roles::is_offered(&self.ground.db, role).await? {
            return Err(Error::Invalid(FieldErrors::one("role", ROLE_MISSING)));
        }
        let mut tx = self.ground.begin(&Origin::program()).await?;
        store::fix_role(&mut tx, id, role).await?;
        tx.commit_housekeeping(Housekeeping::BulkChange).await
    }

    async fn change_one(
        &self,
        actor: &Actor,
        action: &BulkAction,
        person: PersonId,
        origin: &Origin,
    ) -> Result<Done> {
        let origin = actor.at(origin);
        match action {
            BulkAction::Suspend => self.suspend(&actor.permit::<SuspendPerson>(person)?, &origin).await,
            BulkAction::Restore => self.restore(&actor.permit::<RestorePerson>(person)?, &origin).await,
            BulkAction::GiveRole(role) | BulkAction::TakeRole(role) => {
                let permit = actor.permit::<UpdatePerson>(person)?;
                let gives = matches!(action, BulkAction::GiveRole(_));
                self.change_role(&permit, role.as_ref().ok_or(Error::Conflict(GONE))?, gives, &origin).await
            }
            BulkAction::RequireSecondFactor | BulkAction::ExcuseFromSecondFactor => {
                let required = *action == BulkAction::RequireSecondFactor;
                self.require_second_factor(&actor.permit::<RequireSecondFactor>(person)?, required, &origin)
                    .await
            }
            BulkAction::Export => Ok(Done::Before),
        }
    }

    /// Gives somebody a role besides theirs, or takes it from them.
    async fn change_role(
        &self,
        permit: &Permit<UpdatePerson>,
        role: &RoleCode,
        gives: bool,
        origin: &Origin,
    ) -> Result<Done> {
        // Somebody else may change them between our look and our write: then they are looked at once more.
        for _ in 0..2 {
            let found =
                super::store::find(&self.ground.db, *permit.resource(), self.ground.clock.now()).await?;
            let person = found.ok_or(Error::NotFound("User not found"))?;
            if person.roles.contains(role) == gives {
                return Ok(Done::Before);
            }
            let kept = person.roles.iter().filter(|one| *one != role);
            let roles: Vec<String> = kept.chain(gives.then_some(role)).map(ToString::to_string).collect();
            if roles.is_empty() {
                return Err(Error::Conflict("It is their only role. Give them another one first."));
            }
            let form =
                UpdateForm { roles: Some(roles), version: Some(person.version), ..UpdateForm::default() };
            if let Updated::Changed = self.update(permit, form, origin).await? {
                return Ok(Done::Now);
            }
        }
        Err(Error::Conflict("Somebody else changed them at the same moment. Try again."))
    }

    fn forgotten(&self) -> Timestamp {
        self.ground.clock.now().before(KEPT_FOR)
    }
}

/// Why this person was not changed, in words; where it is no matter of this person, all of it stops.
fn refusal(error: Error) -> Result<String> {
    match error {
        Error::Invalid(errors) => {
            Ok(errors.iter().map(|error| error.message.clone()).collect::<Vec<_>>().join(". "))
        }
        Error::Forbidden(_) | Error::NotFound(_) | Error::Conflict(_) | Error::Malformed(_) => {
            Ok(error.told().message)
        }
        other => Err(other),
    }
}
