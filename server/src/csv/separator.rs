//! Which character separates the cells: told from the first row.

/// A first row without an end within so many bytes is none of a table.
pub(super) const LONGEST_HEAD: usize = 64 * 1024;

const CHOICES: [u8; 3] = [b',', b';', b'\t'];

/// What the beginning of a file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub separator: u8,
    /// Bytes that are no part of the table: `sep=;`, by which Excel can be told. What is left of its line is an empty row.
    pub skip: usize,
}

/// Where the first row ends, if it does within these bytes: a line break inside of quotes is none.
pub(super) fn end_of_first_row(bytes: &[u8]) -> Option<usize> {
    let mut quoted = false;
    bytes.iter().position(|byte| {
        quoted ^= *byte == b'"';
        !quoted && matches!(byte, b'\r' | b'\n')
    })
}

/// The separator that the first row has most of; a comma where it has none.
pub(super) fn of(head: &[u8]) -> Found {
    let line = head.get(..end_of_first_row(head).unwrap_or(head.len())).unwrap_or(head);
    if let [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator] = line
        && separator.is_ascii_punctuation() | (*separator == b'\t')
        && *separator != b'"'
    {
        return Found { separator: *separator, skip: line.len() };
    }
    let mut quoted = false;
    let mut counts = [0_usize; CHOICES.len()];
    for byte in line {
        quoted ^= *byte == b'"';
        for (count, choice) in counts.iter_mut().zip(CHOICES) {
            *count += usize::from(!quoted && *byte == choice);
        }
    }
    let most = counts.into_iter().max().unwrap_or(0);
    let separator =
        counts.into_iter().zip(CHOICES).find(|(count, _)| *count == most).map(|(_, choice)| choice);
    Found { separator: separator.unwrap_or(b','), skip: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_the_separator_is_told_from_the_first_row() {
        for (head, separator, skip) in [
            ("username,email\n", b',', 0),
            ("username;email;full_name, or so\n", b';', 0),
            ("\"a;b;c\",email\n", b',', 0),
            ("username\temail\r\nx,y;z", b'\t', 0),
            ("username", b',', 0),
            ("", b',', 0),
            ("sep=;\r\nusername;email", b';', 5),
            ("SEP=|\nusername|email", b'|', 5),
        ] {
            assert_eq!(of(head.as_bytes()), Found { separator, skip }, "{head:?}");
        }
    }
}
