//! Deleting a role: only one that did not come with the program, and only after its people got another one.

use super::{
    Change, ChangeKind, NO_SUCH_ROLE, RoleState, Roles,
    changing::{self, Holder},
};
use crate::{
    Error, Origin, Result, api_keys,
    events::Event,
    identity, people,
    permit::{ManageRole, Permit},
};
use domain::{FieldErrors, RoleCode};
use std::collections::HashSet;

/// Up to so many people get another role at once; each of them has an entry in the trail.
const MOST_MOVED: usize = 1_000;
const BUILT_IN: &str = "This role came with Countersign and cannot be deleted. Nobody has to have it.";
const STILL_HELD: &str = "People have this role still. Say which role they get in its place.";
const TOO_MANY: &str =
    "More than 1,000 people have this role. Give most of them another one first, then delete it.";
const MEANWHILE: &str = "Somebody got this role just now. Look at it again, then decide.";

impl Roles {
    /// Deletes a role. Those who have it get the other one; their sessions and keys in it end. Answers how many they are.
    pub async fn delete(
        &self,
        permit: &Permit<ManageRole>,
        move_to: Option<RoleCode>,
        origin: &Origin,
    ) -> Result<usize> {
        let code = permit.resource();
        let mut tx = self.ground.begin(origin).await?;
        changing::take_turn(&mut tx).await?;
        let most = i64::try_from(MOST_MOVED + 1).unwrap_or(i64::MAX);
        let known = changing::holders(&mut tx, code, most).await?;
        let held = changing::hold_alone(&mut tx, code).await?.ok_or(Error::NotFound(NO_SUCH_ROLE))?;
        if held.built_in {
            return Err(Error::Forbidden(BUILT_IN));
        }
        let target = match &move_to {
            Some(other) if other != code => changing::hold(&mut tx, other).await?,
            _ => None,
        };
        if move_to.is_some() && target.is_none() {
            return Err(FieldErrors::one("move_to", "Choose another role from the list").into());
        }
        match (known.len(), &move_to) {
            (0, _) => {}
            (_, None) => return Err(Error::Conflict(STILL_HELD)),
            (number, _) if number > MOST_MOVED => return Err(Error::Conflict(TOO_MANY)),
            (_, Some(other)) => changing::hand_over(&mut tx, code, other, &known).await?,
        }
        // Who got the role after we looked, and before we held it, was not asked about.
        if changing::is_held(&mut tx, code).await? {
            return Err(Error::Conflict(MEANWHILE));
        }
        changing::delete(&mut tx, permit).await?;
        identity::end_sessions_in(&mut tx, code).await?;
        let revoked = api_keys::revoke_in(&mut tx, code).await?;
        people::keep_a_manager(&mut tx).await?;
        let names = changing::names(&mut tx).await?;
        let (role, name, people) = (code.clone(), held.name.clone(), known.len());
        let kind = ChangeKind::Deleted { before: RoleState::from(&held), people, moved_to: move_to.clone() };
        let mut recorded = tx.record(Event::Role(Change { role, name: name.clone(), kind })).await?;
        for holder in known {
            let before = holder.roles();
            let after = without_doubles(
                before.iter().map(|one| move_to.as_ref().filter(|_| one == code).unwrap_or(one)),
            );
            let called = after.iter().filter_map(|code| names.get(code).cloned()).collect();
            let Holder { person, owner, .. } = holder;
            let kind = ChangeKind::HandedOver { person, owner, before, after, names: called };
            let change = Change { role: code.clone(), name: name.clone(), kind };
            recorded = recorded.record(Event::Role(change)).await?;
        }
        for key in revoked {
            recorded = recorded.record(Event::ApiKey(key)).await?;
        }
        recorded.commit().await?;
        Ok(people)
    }
}

fn without_doubles<'a>(codes: impl Iterator<Item = &'a RoleCode>) -> Vec<RoleCode> {
    let mut seen = HashSet::new();
    codes.filter(|code| seen.insert(*code)).cloned().collect()
}
