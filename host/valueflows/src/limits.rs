//! The named limits of the vocabulary, each with its reason.

/// Largest magnitude of any number in the books, exclusive: exact in JavaScript and in Cedar sums.
pub const NUMBER_BOUND: i64 = 1 << 53;
/// Most decimals a unit may fix: nine leaves 2^53 at nine million whole units.
pub const UNIT_DECIMALS_MAX: u8 = 9;
/// Decimals of a unit that says nothing.
pub const UNIT_DECIMALS_DEFAULT: u8 = 6;
/// Longest text in one property, bytes: a long note, not a book.
pub const TEXT_BYTES_MAX: usize = 4_096;
/// Most members of one list property: a record stays readable and a row stays small.
pub const LIST_LEN_MAX: usize = 256;
/// Longest decimal text, characters: sixteen digits, a sign, a point and some leading noughts.
pub const DECIMAL_CHARS_MAX: usize = 32;
/// Decimals of a degree as the books keep it: millionths, a tenth of a metre.
pub const DEGREE_DECIMALS: u8 = 6;
/// Longest document in one property, bytes: a rule book that people can still read whole, or the voters of a
/// town.
pub const DOCUMENT_BYTES_MAX: usize = 1 << 20;
/// Longest name of a network's own action, bytes: a word or three; an action stays as small as an amount.
pub const LABEL_BYTES_MAX: usize = 30;
/// Most actions that rules may define: people can know them all, and a rule checker's table of acts stays small.
pub const OWN_ACTIONS_MAX: usize = 64;
