//! Spreadsheets (XLSX), read and written: the second WebAssembly module of the console.
//!
//! It is heavy, so the page loads it when a spreadsheet is first asked for, in a worker (`src/worker.js`) that ends
//! with the job. Bytes go in and out through its memory; there is no other import and no other way out.
//!
//! What it reads is untrusted: sizes are bounded before anything is unpacked, and a file that brings it down all the
//! same brings down nothing else.

mod read;
mod write;

use std::cell::RefCell;

/// Why a job was refused. The numbers are those that `src/files/xlsx.rs` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
enum Problem {
    /// Broken, or no spreadsheet at all.
    Damaged = 1,
    /// A spreadsheet of another kind.
    Other = 2,
    /// More rows than are read.
    TooManyRows = 3,
    /// More columns than are read.
    TooManyColumns = 4,
    /// A cell with more characters than are read.
    LongCell = 5,
    /// More bytes than are unpacked.
    TooLarge = 6,
    /// No headings in the first row.
    NoHead = 7,
    /// A cell in a column without a heading.
    ExtraCell = 8,
}

/// A problem at a row and a column, both from 1; 0 where it is about the whole file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refusal {
    problem: Problem,
    row: u32,
    column: u32,
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self { problem, row: 0, column: 0 }
    }
}

thread_local! {
    /// What the worker puts in.
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// What it takes out.
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for so many bytes, and says where they go.
#[cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "a name for the outside, of this module alone")
)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn xlsx_input(len: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        *input = vec![0; len];
        input.as_mut_ptr()
    })
}

/// Makes a spreadsheet of the table that was put in. 0, or the problem's number.
#[cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "a name for the outside, of this module alone")
)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn xlsx_write() -> u32 {
    done(write::spreadsheet(&INPUT.take()))
}

/// Reads the table of the spreadsheet that was put in. 0, or the problem's number; then the output has its row and its
/// column.
#[cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "a name for the outside, of this module alone")
)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn xlsx_read() -> u32 {
    done(read::table(&INPUT.take()))
}

/// Where the output is.
#[cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "a name for the outside, of this module alone")
)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn xlsx_output() -> *const u8 {
    OUTPUT.with_borrow(|it| it.as_ptr())
}

/// How many bytes it has.
#[cfg_attr(
    target_arch = "wasm32",
    expect(unsafe_code, reason = "a name for the outside, of this module alone")
)]
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub extern "C" fn xlsx_output_len() -> usize {
    OUTPUT.with_borrow(Vec::len)
}

fn done(res: Result<Vec<u8>, Refusal>) -> u32 {
    let (code, bytes) = match res {
        Ok(bytes) => (0, bytes),
        Err(Refusal { problem, row, column }) => {
            (problem as u32, [row.to_le_bytes(), column.to_le_bytes()].concat())
        }
    };
    OUTPUT.set(bytes);
    code
}

#[cfg(test)]
mod tests;
