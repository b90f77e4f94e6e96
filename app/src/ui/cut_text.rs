//! Text that is cut in the middle when there is no room, because its end matters: e-mail addresses, ids, SKUs.

use leptos::prelude::*;

/// Cut text; the whole is shown on hover and when its link has the focus.
#[component]
pub fn CutText(#[prop(into)] text: String) -> impl IntoView {
    let (head, tail) = split(&text);
    let (head, tail) = (head.to_owned(), tail.to_owned());
    view! {
        <span class="cut" title=text>
            <span>{head}</span>
            <span>{tail}</span>
        </span>
    }
}

/// Where to cut: at a short domain's `@`, else so that the last twelve characters stay.
fn split(text: &str) -> (&str, &str) {
    let length = text.chars().count();
    let tail = text
        .char_indices()
        .rev()
        .find(|(_, letter)| *letter == '@')
        .map(|(at, _)| text.get(at..).unwrap_or_default().chars().count())
        .filter(|domain| *domain <= 24 && *domain < length)
        .unwrap_or_else(|| (length / 2).min(12));
    let cut = text.char_indices().nth(length - tail).map_or(text.len(), |(at, _)| at);
    text.split_at(cut)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn short_domains_stay_whole() {
        assert_eq!(split("maria.almeida@example.org"), ("maria.almeida", "@example.org"));
    }

    #[test]
    fn long_words_keep_their_last_twelve_characters() {
        assert_eq!(split("0193a5c2-7b1e-7c40-9a55-2f8be1d0c6a7").1, "2f8be1d0c6a7");
        assert_eq!(split("ñandú"), ("ñan", "dú"));
        assert_eq!(split(""), ("", ""));
        assert_eq!(split("@example.org").1, "le.org");
    }
}
