//! Numbers and moments of the list, in words.

use crate::{moments, ui::Moment};
use domain::Timestamp;
use leptos::prelude::*;
use server::people::Total;

/// A moment as people say it, or that there was none.
pub(crate) fn when(moment: Option<Timestamp>, now: Timestamp) -> AnyView {
    match moment {
        Some(moment) => {
            view! { <Moment label=moments::ago(moment, now) datetime=moments::exact(moment) exact=moments::in_full(moment) /> }.into_any()
        }
        None => view! { <span class="text-ink-faint">"Never"</span> }.into_any(),
    }
}

/// How many there are: "182", or "10,000+".
pub(super) fn count_words(total: &Total) -> Option<String> {
    (total.count > 0 || !total.exact)
        .then(|| format!("{}{}", with_commas(total.count), if total.exact { "" } else { "+" }))
}

/// How many of how many a page shows.
pub(super) fn summary(total: &Total, shown: usize) -> String {
    match count_words(total) {
        None => String::new(),
        Some(count) if total.exact && total.count == 1 => format!("{count} person"),
        Some(count) => format!("{shown} of {count} people"),
    }
}

/// A number with its thousands set apart.
pub fn with_commas(number: i64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_set_apart_in_thousands() {
        assert_eq!(
            ["7", "182", "1,284", "1,000,000"],
            [7, 182, 1_284, 1_000_000].map(with_commas).each_ref().map(String::as_str)
        );
    }

    #[test]
    fn u5_a_count_that_was_stopped_says_so() {
        let words = |count, exact| count_words(&Total { count, exact });
        assert_eq!(words(10_000, false).as_deref(), Some("10,000+"));
        assert_eq!(words(0, false).as_deref(), Some("0+"));
        assert_eq!(words(0, true), None);
    }
}
