//! Writing: cells into a buffer that is used again and again.

use super::harmless;

/// What ends a row.
pub const END: &[u8] = b"\r\n";

/// A row of these texts, made harmless.
pub fn row<'a>(out: &mut Vec<u8>, cells: impl IntoIterator<Item = &'a str>) {
    for (position, cell) in cells.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        text(out, cell);
    }
    out.extend_from_slice(END);
}

/// A cell that anybody may have filled: made harmless, and quoted where it must be.
pub fn text(out: &mut Vec<u8>, value: &str) {
    let value = harmless(value);
    if !value.bytes().any(|byte| matches!(byte, b',' | b';' | b'"' | b'\r' | b'\n' | b'\t')) {
        out.extend_from_slice(value.as_bytes());
        return;
    }
    out.push(b'"');
    for byte in value.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn u6_cells_are_quoted_where_rfc_4180_asks_for_it() {
        let mut out = Vec::new();
        row(&mut out, ["plain", "a,b", "say \"hi\"", "two\nlines", "", "=1"]);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,'=1\r\n"
        );
    }
}
