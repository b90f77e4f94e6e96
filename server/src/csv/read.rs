//! Reading: pushed the pieces of a file as they come in, the reader hands out one row after the other. What it keeps is
//! bounded, whatever is pushed: the first row until its separator is known, then one row, no longer than it may be.

use super::{
    BYTE_ORDER_MARK,
    separator::{self, LONGEST_HEAD},
};

/// A cell may have so many bytes; what is more is dropped, and the row is flawed.
const LONGEST_CELL: usize = 16 * 1024;
/// So many cells of a row are kept.
const MOST_CELLS: usize = 64;

/// Why a row cannot be what was meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// A quote was opened and never closed, so the rest of the file is one cell.
    OpenQuote,
    /// Something stands between a closing quote and the next separator.
    AfterQuote,
    CellTooLong,
    TooManyCells,
}

/// A row, as bytes: whether they are text is for whoever reads them to find out.
#[derive(Debug, Default)]
pub struct Record {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// Which row of the file it is, counted as a spreadsheet does: the head is the first, empty ones count.
    pub number: u64,
    pub flaw: Option<Flaw>,
}

impl Record {
    /// How many cells there are.
    pub const fn len(&self) -> usize {
        self.ends.len()
    }

    pub const fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    pub fn cell(&self, position: usize) -> Option<&[u8]> {
        let end = *self.ends.get(position)?;
        let start = position.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.bytes.get(start..end)
    }

    /// A line without anything on it.
    fn is_blank(&self) -> bool {
        self.ends.len() == 1 && self.bytes.is_empty() && self.flaw.is_none()
    }

    fn begin(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.flaw = None;
        self.number += 1;
    }

    fn add(&mut self, byte: u8) {
        if self.ends.len() >= MOST_CELLS {
            self.flaw.get_or_insert(Flaw::TooManyCells);
        } else if self.bytes.len() - self.ends.last().copied().unwrap_or(0) >= LONGEST_CELL {
            self.flaw.get_or_insert(Flaw::CellTooLong);
        } else {
            self.bytes.push(byte);
        }
    }

    fn end_cell(&mut self) {
        if self.ends.len() >= MOST_CELLS {
            self.flaw.get_or_insert(Flaw::TooManyCells);
        } else {
            self.ends.push(self.bytes.len());
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a row. After a carriage return, a line feed belongs to the row before.
    RowStart {
        after_return: bool,
    },
    CellStart,
    Plain,
    Quoted,
    /// A quote inside of quotes: the end of the cell, or the first of two that mean one.
    QuoteInQuotes,
}

/// Takes a file apart.
#[derive(Debug)]
pub struct Reader {
    /// What came before the separator was known.
    head: Vec<u8>,
    separator: Option<u8>,
    state: State,
    record: Record,
}

impl Default for Reader {
    fn default() -> Self {
        Self {
            head: Vec::new(),
            separator: None,
            state: State::RowStart { after_return: false },
            record: Record::default(),
        }
    }
}

impl Reader {
    /// Takes the next piece of the file, and hands out every row that ends in it. The first error of `each` ends it.
    pub fn push<E>(
        &mut self,
        bytes: &[u8],
        each: &mut impl FnMut(&Record) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Some(separator) = self.separator {
            return self.take(bytes, separator, each);
        }
        self.head.extend_from_slice(bytes);
        if self.head.len() < LONGEST_HEAD && separator::end_of_first_row(&self.head).is_none() {
            return Ok(());
        }
        self.begin(each)
    }

    /// Hands out what is left at the end of the file.
    pub fn finish<E>(mut self, each: &mut impl FnMut(&Record) -> Result<(), E>) -> Result<(), E> {
        if self.separator.is_none() {
            self.begin(each)?;
        }
        match self.state {
            State::RowStart { .. } => return Ok(()),
            State::Quoted => self.record.flaw = Some(Flaw::OpenQuote),
            State::CellStart | State::Plain | State::QuoteInQuotes => {}
        }
        self.record.end_cell();
        if self.record.is_blank() { Ok(()) } else { each(&self.record) }
    }

    /// Finds the separator in what has come so far, and takes that.
    fn begin<E>(&mut self, each: &mut impl FnMut(&Record) -> Result<(), E>) -> Result<(), E> {
        let head = std::mem::take(&mut self.head);
        let table = head.strip_prefix(BYTE_ORDER_MARK.as_slice()).unwrap_or(&head);
        let found = separator::of(table);
        self.separator = Some(found.separator);
        self.take(table.get(found.skip..).unwrap_or_default(), found.separator, each)
    }

    fn take<E>(
        &mut self,
        bytes: &[u8],
        separator: u8,
        each: &mut impl FnMut(&Record) -> Result<(), E>,
    ) -> Result<(), E> {
        for &byte in bytes {
            if let State::RowStart { after_return } = self.state {
                if after_return && byte == b'\n' {
                    self.state = State::RowStart { after_return: false };
                    continue;
                }
                self.record.begin();
                self.state = State::CellStart;
            }
            let is_break = matches!(byte, b'\r' | b'\n');
            self.state = match (self.state, byte) {
                (State::Quoted, b'"') => State::QuoteInQuotes,
                (State::Quoted, _) => {
                    self.record.add(byte);
                    State::Quoted
                }
                (State::QuoteInQuotes, b'"') => {
                    self.record.add(byte);
                    State::Quoted
                }
                (State::CellStart, b'"') => State::Quoted,
                _ if byte == separator => {
                    self.record.end_cell();
                    State::CellStart
                }
                _ if is_break => {
                    self.record.end_cell();
                    if !self.record.is_blank() {
                        each(&self.record)?;
                    }
                    State::RowStart { after_return: byte == b'\r' }
                }
                (State::QuoteInQuotes, _) => {
                    self.record.flaw.get_or_insert(Flaw::AfterQuote);
                    self.record.add(byte);
                    State::Plain
                }
                _ => {
                    self.record.add(byte);
                    State::Plain
                }
            };
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::csv::write;
    use proptest::prelude::*;
    use std::convert::Infallible;

    type Rows = Vec<Vec<String>>;

    /// Reads a file that comes in pieces of this size; answers its rows and their numbers and flaws.
    fn read(file: &[u8], piece: usize) -> (Rows, Vec<(u64, Option<Flaw>)>) {
        let (mut rows, mut about) = (Vec::new(), Vec::new());
        let mut reader = Reader::default();
        let mut each = |record: &Record| {
            let cells =
                (0..record.len()).map(|at| String::from_utf8_lossy(record.cell(at).unwrap()).into_owned());
            rows.push(cells.collect());
            about.push((record.number, record.flaw));
            Ok::<(), Infallible>(())
        };
        for piece in file.chunks(piece.max(1)) {
            reader.push(piece, &mut each).unwrap();
        }
        reader.finish(&mut each).unwrap();
        (rows, about)
    }

    fn rows(file: &str) -> Rows {
        let whole = read(file.as_bytes(), usize::MAX);
        assert_eq!(whole, read(file.as_bytes(), 1), "a byte at a time reads otherwise: {file:?}");
        whole.0
    }

    #[test]
    fn u6_quotes_separators_and_line_breaks_are_told_apart() {
        for (file, expected) in [
            ("", vec![]),
            ("\n\n", vec![]),
            ("a,b\n1,2\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("a;b\r\n\"1\r\n2\";\"say \"\"hi\"\"\"", vec![vec!["a", "b"], vec!["1\r\n2", "say \"hi\""]]),
            ("\u{FEFF}a,b\r1,\r", vec![vec!["a", "b"], vec!["1", ""]]),
            ("a,b\n\n1,5\" nail\n", vec![vec!["a", "b"], vec!["1", "5\" nail"]]),
            ("sep=|\na|b\n1|2", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("\"a\",\"\"\n\"\"\n", vec![vec!["a", ""]]),
        ] {
            assert_eq!(rows(file), expected, "{file:?}");
        }
    }

    #[test]
    fn u6_rows_are_numbered_as_a_spreadsheet_does_and_flaws_are_named() {
        let file = "a,b\n\n\"x\"y,2\n\"two\nlines\",3\n\"never closed,4\n5,6\n";
        let about = read(file.as_bytes(), 7).1;
        assert_eq!(about, [(1, None), (3, Some(Flaw::AfterQuote)), (4, None), (5, Some(Flaw::OpenQuote))]);
    }

    #[test]
    fn u6_no_row_is_kept_beyond_its_bounds() {
        let long = format!("a,b\n{},2\n1,2\n", "x".repeat(10 * LONGEST_CELL));
        let (found, about) = read(long.as_bytes(), 1000);
        assert_eq!((found[1][0].len(), found[1][1].as_str()), (LONGEST_CELL, "2"));
        assert_eq!(about, [(1, None), (2, Some(Flaw::CellTooLong)), (3, None)]);
        let wide = format!("a,b\n{}\n", ",".repeat(1_000_000));
        let (found, about) = read(wide.as_bytes(), 1000);
        assert_eq!((found[1].len(), about[1].1), (MOST_CELLS, Some(Flaw::TooManyCells)));
        let head = "x".repeat(3 * LONGEST_HEAD);
        assert_eq!(read(head.as_bytes(), 100).1, [(1, Some(Flaw::CellTooLong))]);
    }

    proptest! {
        /// Any table, written with any separator, quotes where they must be or everywhere, any line breaks, with or without
        /// a mark at its beginning, and read in pieces of any size, reads back as it was.
        #[test]
        fn u6_whatever_is_written_reads_back(
            table in proptest::collection::vec(proptest::collection::vec("[a-c,;\t\"\r\nä ]{0,6}", 2..5), 0..6),
            separator in prop::sample::select(vec![',', ';', '\t']),
            line_break in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            quoted in any::<bool>(), marked in any::<bool>(), ended in any::<bool>(), piece in 1_usize..20,
        ) {
            let must = |cell: &str| quoted || cell.is_empty() || cell.contains([',', ';', '\t', '"', '\r', '\n']);
            let cell = |cell: &String| if must(cell) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() };
            let head = vec!["username".to_owned(); 5];
            let all: Rows = std::iter::once(head).chain(table).collect();
            let lines = all.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join(&separator.to_string()));
            let mut file = lines.collect::<Vec<_>>().join(line_break);
            if marked { file.insert(0, '\u{FEFF}'); }
            if ended { file.push_str(line_break); }
            let (read, about) = read(file.as_bytes(), piece);
            prop_assert_eq!(read, all);
            prop_assert!(about.iter().all(|(_, flaw)| flaw.is_none()));
        }

        #[test]
        fn u6_what_we_write_we_read(table in proptest::collection::vec(proptest::collection::vec("\\PC{1,8}", 3), 1..5)) {
            let mut file = Vec::new();
            for row in &table {
                write::row(&mut file, row.iter().map(String::as_str));
            }
            // The separator is told from the first row, which is ours.
            let mut whole = b"a,b,c\r\n".to_vec();
            whole.extend(file);
            let (read, _) = read(&whole, 5);
            let undone: Rows = read.into_iter().skip(1).map(|row| row.iter().map(|cell| crate::csv::undone(cell).into_owned()).collect()).collect();
            prop_assert_eq!(undone, table);
        }

        #[test]
        fn u6_no_bytes_at_all_upset_the_reader(file in proptest::collection::vec(any::<u8>(), 0..400), piece in 1_usize..50) {
            let once = read(&file, usize::MAX);
            prop_assert_eq!(read(&file, piece), once);
        }
    }
}
