//! Tables as text, as spreadsheets read and write them (RFC 4180). `write` makes cells that are no formulas, `read` takes a
//! file apart piece by piece, as it comes in, and never keeps more of it than one row.

mod formulas;
mod read;
mod separator;
pub mod write;

pub use formulas::{harmless, undone};
pub use read::{Flaw, Reader, Record};

/// What a file in UTF-8 may begin with; Excel takes one without it for something else.
pub const BYTE_ORDER_MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
