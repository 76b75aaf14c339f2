//! What a file cannot be taken for: the line, and the reason.

use std::fmt;

use valueflows::Said;

/// One fault, with its line (from 1; 0 where it is about the whole file).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// What is wrong, and what to do about it.
    pub reason: Said,
}

impl Fault {
    /// A fault in a line.
    pub fn new(line: usize, reason: impl Into<Said>) -> Fault {
        Fault { line, reason: reason.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.reason.says),
            line => write!(f, "line {line}: {}", self.reason),
        }
    }
}

/// What was done with a part of a file that is not as the specification has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remark {
    /// A known fault, read as it was meant.
    Mended,
    /// A property outside ValueFlows 1.0.
    LeftOut,
    /// Something that the file only points at, written down with nothing but its name.
    Bare,
    /// Something that was here already, with the same values.
    Known,
}

impl Remark {
    /// As reports have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Remark::Mended => "mended",
            Remark::LeftOut => "left out",
            Remark::Bare => "bare",
            Remark::Known => "known",
        }
    }
}

/// A remark about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line.
    pub line: usize,
    /// What was done.
    pub remark: Remark,
    /// With what, and why.
    pub text: Said,
}

impl Note {
    /// A remark about a line.
    pub fn new(line: usize, remark: Remark, text: impl Into<Said>) -> Note {
        Note { line, remark, text: text.into() }
    }
}
