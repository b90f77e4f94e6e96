//! A person's initials on a colour that is always the same for the same name.

use leptos::prelude::*;

/// How large a face is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// In rows, 24 pixels.
    #[default]
    Row,
    /// In the frame, 28 pixels.
    Rail,
    /// In lists of two lines, 32 pixels.
    List,
    /// At the head of a page, 64 pixels.
    Head,
}

impl AvatarSize {
    const fn classes(self) -> &'static str {
        match self {
            AvatarSize::Row => "size-6 text-[0.625rem]",
            AvatarSize::Rail => "size-7 text-tiny",
            AvatarSize::List => "size-8 text-small",
            AvatarSize::Head => "size-16 text-head",
        }
    }
}

/// A face of initials. Decoration: the name stands beside it.
#[component]
pub fn Avatar(#[prop(into)] name: String, #[prop(optional)] size: AvatarSize) -> impl IntoView {
    let shape = "inline-grid shrink-0 place-items-center rounded-full font-semibold text-on-face select-none";
    view! {
        <span class=format!("{shape} {} {}", size.classes(), face(&name)) aria-hidden="true">
            {initials(&name)}
        </span>
    }
}

/// First letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(first_letter);
    let last = words.next_back().and_then(first_letter);
    first.into_iter().chain(last).collect()
}

fn first_letter(word: &str) -> Option<String> {
    word.chars().find(|letter| letter.is_alphanumeric()).map(|letter| letter.to_uppercase().collect())
}

/// One of eight colours by a hash (FNV-1a) of the name: steady across restarts, machines and browsers.
fn face(name: &str) -> &'static str {
    const FACES: [&str; 8] = [
        "bg-face-1",
        "bg-face-2",
        "bg-face-3",
        "bg-face-4",
        "bg-face-5",
        "bg-face-6",
        "bg-face-7",
        "bg-face-8",
    ];
    let hash =
        name.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    FACES[(hash % 8) as usize]
}

#[cfg(test)]
mod tests {
    use super::{face, initials};

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials("Maria de Almeida"), "MA");
        assert_eq!(initials("  wu  "), "W");
        assert_eq!(initials("Élodie Ångström"), "ÉÅ");
        assert_eq!(initials("(ext) Ben"), "EB");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn a_name_keeps_its_colour() {
        assert_eq!(face("Maria Almeida"), face("Maria Almeida"));
        assert_ne!(face("Maria Almeida"), face("Ben Achterberg"));
    }
}
