//! What a change of many people is called, before it, during it and after it.

use crate::people::list::with_commas;
use server::people::BulkAction;

/// "1 person", "1,250 people".
pub(super) fn people(count: usize) -> String {
    let number = with_commas(i64::try_from(count).unwrap_or(i64::MAX));
    if count == 1 { format!("{number} person") } else { format!("{number} people") }
}

/// Where others are chosen than the list told of.
pub(super) fn others_match(shown: usize, found: usize) -> String {
    let number = |count: usize| with_commas(i64::try_from(count).unwrap_or(i64::MAX));
    let matches = if found == 1 { "matches" } else { "match" };
    format!("The list showed {}, now {} {matches}", number(shown), number(found))
}

/// What opens the names that are folded away: of so many, so many are named at most.
pub(super) fn show(count: usize, named: usize) -> String {
    if count <= named {
        format!("Show all {}", people(count))
    } else {
        format!("Show the first {}", people(named))
    }
}

/// Those who were chosen and are erased by now.
pub(super) fn gone(count: usize) -> String {
    format!("{} {} no longer there", people(count), if count == 1 { "is" } else { "are" })
}

/// The question above the confirmation.
pub(super) fn question(action: &BulkAction, count: usize) -> String {
    let people = people(count);
    match action {
        BulkAction::Suspend => format!("Suspend {people}?"),
        BulkAction::Restore => format!("Restore {people}?"),
        BulkAction::GiveRole(_) => format!("Give {people} a role?"),
        BulkAction::TakeRole(_) => format!("Take a role from {people}?"),
        BulkAction::RequireSecondFactor => format!("Require a second factor of {people}?"),
        BulkAction::ExcuseFromSecondFactor => format!("No longer require a second factor of {people}?"),
        BulkAction::Export => format!("Export {people}?"),
    }
}

/// What will happen, and whether it can be undone.
pub(super) const fn consequence(action: &BulkAction) -> &'static str {
    match action {
        BulkAction::Suspend => {
            "They are signed out everywhere at once and cannot sign in until they are restored. Nothing is deleted, and each of \
             them is told by e-mail."
        }
        BulkAction::Restore => {
            "Those who are suspended can sign in again and find everything as it was. Each of them is told by e-mail."
        }
        BulkAction::GiveRole(_) => {
            "They have the role besides those they have already. Whoever gets it signs in again, and is told by e-mail."
        }
        BulkAction::TakeRole(_) => {
            "They keep their other roles; whoever has only this one keeps it. Whoever loses it signs in again, and is told by e-mail."
        }
        BulkAction::RequireSecondFactor => {
            "Whoever has none sets one up at the next sign-in, before going on. You can undo this."
        }
        BulkAction::ExcuseFromSecondFactor => {
            "They may sign in without one, unless one of their roles asks for it. Nobody loses what they have set up."
        }
        BulkAction::Export => {
            "The file holds their names, addresses, roles and sign-ins. Whoever has it needs no password to read it; that you took \
             it is recorded."
        }
    }
}

/// The word on the button that does it.
pub(super) fn verb(action: &BulkAction, count: usize) -> String {
    let people = people(count);
    match action {
        BulkAction::Suspend => format!("Suspend {people}"),
        BulkAction::Restore => format!("Restore {people}"),
        BulkAction::GiveRole(_) => format!("Give {people} this role"),
        BulkAction::TakeRole(_) => format!("Take it from {people}"),
        BulkAction::RequireSecondFactor => format!("Require it of {people}"),
        BulkAction::ExcuseFromSecondFactor => format!("No longer require it of {people}"),
        BulkAction::Export => format!("Export {people}"),
    }
}

/// What was done to so many, as the report says it.
pub(super) fn outcome(action: &BulkAction, changed: usize, role: &str) -> String {
    let people = people(changed);
    let (has, have) = if changed == 1 { ("has", "is") } else { ("have", "are") };
    match action {
        BulkAction::Suspend => format!("{people} {have} suspended"),
        BulkAction::Restore => format!("{people} {have} restored"),
        BulkAction::GiveRole(_) => format!("{people} {has} the role {role} now"),
        BulkAction::TakeRole(_) => format!("{people} no longer {has} the role {role}"),
        BulkAction::RequireSecondFactor => format!("A second factor is required of {people} now"),
        BulkAction::ExcuseFromSecondFactor => format!("A second factor is no longer required of {people}"),
        BulkAction::Export => format!("{people} {have} exported"),
    }
}

/// Those for whom nothing had to be done.
pub(super) fn unchanged(action: &BulkAction, count: usize) -> String {
    let (people, were) = (people(count), if count == 1 { "was" } else { "were" });
    match action {
        BulkAction::Suspend => format!("{people} {were} suspended already."),
        BulkAction::Restore => format!("{people} {were} not suspended."),
        BulkAction::GiveRole(_) => format!("{people} had the role already."),
        BulkAction::TakeRole(_) => format!("{people} did not have the role."),
        BulkAction::RequireSecondFactor => format!("It was required of {people} already."),
        BulkAction::ExcuseFromSecondFactor => format!("It was not required of {people}."),
        BulkAction::Export => format!("{people} {were} left as they are."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_one_person_is_spoken_of_as_one() {
        assert_eq!(question(&BulkAction::Suspend, 1), "Suspend 1 person?");
        assert_eq!(verb(&BulkAction::Suspend, 1_250), "Suspend 1,250 people");
        assert_eq!(outcome(&BulkAction::Suspend, 1, ""), "1 person is suspended");
        assert_eq!(outcome(&BulkAction::GiveRole(None), 2, "Staff"), "2 people have the role Staff now");
        assert_eq!(
            outcome(&BulkAction::TakeRole(None), 2, "Staff"),
            "2 people no longer have the role Staff"
        );
        assert_eq!(others_match(1_200, 1), "The list showed 1,200, now 1 matches");
        assert_eq!(unchanged(&BulkAction::Restore, 1), "1 person was not suspended.");
    }
}
