//! Devices in words: what a browser or program says of itself, as people would say it. It may lie, so nothing is decided by it.

/// What kind of device it seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKind {
    Computer,
    Phone,
    /// No browser: a script, an app, a server.
    Program,
    Unknown,
}

/// A device in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    pub name: String,
    pub kind: DeviceKind,
}

/// What browsers carry in their names; those who pretend to be another one come before it.
const BROWSERS: [(&str, &str); 12] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Vivaldi/", "Vivaldi"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chromium/", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str, DeviceKind); 9] = [
    ("iPhone", "iPhone", DeviceKind::Phone),
    ("iPad", "iPad", DeviceKind::Phone),
    ("Android", "Android", DeviceKind::Phone),
    ("Windows", "Windows", DeviceKind::Computer),
    ("CrOS", "ChromeOS", DeviceKind::Computer),
    ("Macintosh", "macOS", DeviceKind::Computer),
    ("FreeBSD", "FreeBSD", DeviceKind::Computer),
    ("OpenBSD", "OpenBSD", DeviceKind::Computer),
    ("Linux", "Linux", DeviceKind::Computer),
];

/// A program's name is taken from its user agent up to here.
const LONGEST_NAME: usize = 40;

impl Device {
    /// Reads a `User-Agent`: "Firefox on Linux", "curl", "Unknown device".
    pub fn read(user_agent: &str) -> Self {
        let system = SYSTEMS.iter().find(|(mark, ..)| user_agent.contains(mark));
        let is_browser = user_agent.starts_with("Mozilla/") || user_agent.starts_with("Opera/");
        let browser = BROWSERS.iter().find(|(mark, _)| is_browser && user_agent.contains(mark));
        match (browser, system) {
            (Some((_, browser)), Some((_, system, kind))) => {
                Self { name: format!("{browser} on {system}"), kind: *kind }
            }
            (Some((_, browser)), None) => Self { name: (*browser).to_owned(), kind: DeviceKind::Unknown },
            (None, Some((_, system, kind))) if is_browser => {
                Self { name: format!("A browser on {system}"), kind: *kind }
            }
            (None, _) => Self::of_program(user_agent),
        }
    }

    /// Programs begin with their name: "curl/8.5.0".
    fn of_program(user_agent: &str) -> Self {
        let name = user_agent.split(['/', ' ', '(']).next().unwrap_or_default();
        let is_name = !name.is_empty()
            && name.len() <= LONGEST_NAME
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        if is_name && name != "Mozilla" {
            Self { name: name.to_owned(), kind: DeviceKind::Program }
        } else {
            Self { name: "Unknown device".to_owned(), kind: DeviceKind::Unknown }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a6_a_device_is_told_in_words() {
        let chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0";
        for (user_agent, name, kind) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
                "Firefox on Linux",
                DeviceKind::Computer,
            ),
            (
                &format!("Mozilla/5.0 (X11; Linux x86_64) {chrome} Safari/537.36"),
                "Chrome on Linux",
                DeviceKind::Computer,
            ),
            (
                &format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {chrome} Safari/537.36 Edg/131.0.0.0"),
                "Edge on Windows",
                DeviceKind::Computer,
            ),
            (
                &format!("Mozilla/5.0 (Linux; Android 14; Pixel 8) {chrome} Mobile Safari/537.36"),
                "Chrome on Android",
                DeviceKind::Phone,
            ),
            (
                &format!(
                    "Mozilla/5.0 (Linux; Android 14; SM-S918B) {chrome} SamsungBrowser/27.0 Mobile Safari/537.36"
                ),
                "Samsung Internet on Android",
                DeviceKind::Phone,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
                DeviceKind::Phone,
            ),
            (
                "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 Mobile/15E148 Safari/604.1",
                "Chrome on iPad",
                DeviceKind::Phone,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
                "Safari on macOS",
                DeviceKind::Computer,
            ),
            ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0)", "A browser on ChromeOS", DeviceKind::Computer),
            ("curl/8.5.0", "curl", DeviceKind::Program),
            ("python-requests/2.32 (Linux)", "python-requests", DeviceKind::Program),
            ("", "Unknown device", DeviceKind::Unknown),
            ("Mozilla/5.0", "Unknown device", DeviceKind::Unknown),
            ("<script>alert(1)</script>", "Unknown device", DeviceKind::Unknown),
            ("Ünïcode/1", "Unknown device", DeviceKind::Unknown),
        ] {
            assert_eq!(Device::read(user_agent), Device { name: name.to_owned(), kind }, "{user_agent}");
        }
    }

    #[test]
    fn a6_a_name_that_nobody_could_read_is_not_repeated() {
        assert_eq!(Device::read(&"x".repeat(300)).name, "Unknown device");
    }
}
