//! How values are put into words: names, times and numbers, without anything that could pass for words of ours.

use domain::Timestamp;

/// Longer values are cut: none of ours is.
const LONGEST: usize = 200;

/// A value as one line of visible characters. What others chose (a name, a browser) can neither begin a paragraph of its
/// own nor turn the direction of what follows.
pub fn plain(value: &str) -> String {
    let visible = |c: char| match c {
        '\u{00AD}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' => None,
        c if c.is_control() || c.is_whitespace() => Some(' '),
        c => Some(c),
    };
    let line: String = value.chars().take(LONGEST).filter_map(visible).collect();
    line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A name as one may say it in a letter. Mail programs turn what looks like an address into a link, and whoever registers
/// chooses the name that a stranger is then greeted with: such a name is not said.
pub fn name(full_name: &str) -> Option<String> {
    let name = plain(full_name);
    let is_part = |word: &str| {
        let inner_dot = word.trim_end_matches('.').contains('.');
        !inner_dot && !word.contains(['/', ':', '@', '\\', '<', '>', '#', '?', '='])
    };
    (!name.is_empty() && name.split(' ').all(is_part)).then_some(name)
}

pub fn greet(full_name: &str) -> String {
    name(full_name).map_or_else(|| "Hello,".into(), |name| format!("Hello {name},"))
}

/// The time in full: "3 March 2026, 14:05 UTC".
pub fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.microseconds())
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string())
        .unwrap_or_default()
}

/// "1 minute", "30 minutes".
pub fn span(number: u32, unit: &str) -> String {
    if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") }
}

/// An address as it was seen, or the words for one that was not.
pub fn address(ip: Option<&str>) -> String {
    ip.map(plain).filter(|ip| !ip.is_empty()).unwrap_or_else(|| "unknown".into())
}

/// A link with a secret in it, made for an address that may hold anything.
pub fn with_token(public_url: &str, path: &str, token: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("token", token).finish();
    format!("{public_url}{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_line_that_can_be_seen() {
        assert_eq!(plain(" Zoë\r\nBcc: eve@example.com\u{202E} x\u{0} "), "Zoë Bcc: eve@example.com x");
        assert_eq!(plain(&"x".repeat(1000)).len(), LONGEST);
    }

    #[test]
    fn a_name_that_would_become_a_link_is_not_said() {
        for fine in ["Zoë van der Berg", "J. R. O'Neill", "Anne-Marie Jr.", "李小龍", "Ng"] {
            assert_eq!(greet(fine), format!("Hello {fine},"));
        }
        for link in
            ["https://evil.example", "Win at evil.example", "www.evil.example", "eve@evil", "a/b", "  ", ""]
        {
            assert_eq!(greet(link), "Hello,", "{link:?}");
        }
    }

    #[test]
    fn numbers_and_times_read_as_people_say_them() {
        assert_eq!((span(1, "minute").as_str(), span(30, "minute").as_str()), ("1 minute", "30 minutes"));
        assert_eq!(moment(Timestamp::from_seconds(1_790_000_000)), "21 September 2026, 14:13 UTC");
        assert_eq!(address(None), "unknown");
    }

    #[test]
    fn a_token_cannot_leave_its_place_in_a_link() {
        assert_eq!(
            with_token("https://c.example", "/x", "a&b=c d#e"),
            "https://c.example/x?token=a%26b%3Dc+d%23e"
        );
    }
}
