//! Names: a directory has a given name, a family name and a name to show; an account has one full name.

/// The name as it was sent, in any of its forms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    pub display: Option<String>,
    pub formatted: Option<String>,
    pub given: Option<String>,
    pub family: Option<String>,
}

impl Name {
    /// The full name that is meant, where one was sent: the name to show before the formatted one, and this before its parts.
    pub fn full(&self, present: Option<&str>) -> Option<String> {
        let is_there = |name: &Option<String>| name.clone().filter(|name| !name.trim().is_empty());
        if let Some(whole) = is_there(&self.display).or_else(|| is_there(&self.formatted)) {
            return Some(whole);
        }
        let (given, family) = (is_there(&self.given), is_there(&self.family));
        if given.is_none() && family.is_none() {
            return None;
        }
        let both = given.as_deref().zip(family.as_deref());
        if let Some((present, (given, family))) = present.zip(both)
            && is_shown_otherwise(present, given, family)
        {
            return None;
        }
        let (present_given, present_family) = present.map(parts).unwrap_or_default();
        let words = [given.or(present_given), family.or(present_family)];
        Some(words.into_iter().flatten().collect::<Vec<_>>().join(" "))
    }
}

/// Whether somebody is shown by another name that holds both parts: "Berg, Anna (Sales)". A directory that sends the parts
/// beside the name to show must not undo it.
fn is_shown_otherwise(present: &str, given: &str, family: &str) -> bool {
    let (given, family) = (given.trim(), family.trim());
    let is_plain = present.starts_with(given) && present.ends_with(family);
    !is_plain && present.contains(given) && present.contains(family)
}

/// The given names and the family name, as well as one full name tells: the last word is the family name.
pub fn parts(full_name: &str) -> (Option<String>, Option<String>) {
    match full_name.rsplit_once(' ') {
        Some((given, family)) => (Some(given.to_owned()), Some(family.to_owned())),
        None => (Some(full_name.to_owned()), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(display: &str, formatted: &str, given: &str, family: &str) -> Name {
        let [display, formatted, given, family] =
            [display, formatted, given, family].map(|text| (text != "-").then(|| text.to_owned()));
        Name { display, formatted, given, family }
    }

    #[test]
    fn u6_one_full_name_comes_of_the_forms_that_were_sent() {
        for (sent, present, expected) in [
            (name("Ada L.", "Ada Lovelace", "Ada", "Lovelace"), None, Some("Ada L.")),
            (name("-", "Ada Lovelace", "A", "L"), None, Some("Ada Lovelace")),
            (name(" ", "", "Ada", "Lovelace"), None, Some("Ada Lovelace")),
            (name("-", "-", "Ada", "-"), None, Some("Ada")),
            (name("-", "-", "-", "-"), Some("Ada Lovelace"), None),
            (name("-", "-", "-", "Byron"), Some("Ada Augusta Lovelace"), Some("Ada Augusta Byron")),
            (name("-", "-", "Augusta", "-"), Some("Ada Lovelace"), Some("Augusta Lovelace")),
            (name("-", "-", "Anna", "Berg"), Some("Berg, Anna (Sales)"), None),
            (name("-", "-", "Anna", "Berg"), Some("Anna Maria Berg"), Some("Anna Berg")),
            (name("-", "-", "Anna", "van Berg"), Some("Anna van Berg"), Some("Anna van Berg")),
            (name("-", "-", "Anna", "Holm"), Some("Berg, Anna (Sales)"), Some("Anna Holm")),
            (name("-", "-", "-", "Lovelace"), Some("Ada"), Some("Ada Lovelace")),
        ] {
            assert_eq!(sent.full(present).as_deref(), expected, "{sent:?} after {present:?}");
        }
    }
}
