//! The named limits of rules, each with its reason.

use std::num::NonZeroUsize;

/// Most policies in one book: Cedar's validator and our slices are linear in them.
pub const POLICIES_MAX: usize = 2_000;
/// Longest policy text, bytes: a page; longer rules belong in several.
pub const POLICY_BYTES_MAX: usize = 10_240;
/// Most policies that are asked as they are, for one combination of types; of more, those are picked whose scope
/// can be met, which takes as long as asking some ten.
pub const SLICE_WHOLE_MAX: usize = 24;
/// Most plugin bindings in one book: each may be called for every act.
pub const BINDINGS_MAX: usize = 64;
/// How many entity dereferences a policy may chain: the loader reads that deep, no deeper.
pub const LEVEL_MAX: u32 = 2;
/// Most reasons in one explanation: more than three help nobody, ten help an author.
pub const REASONS_MAX: usize = 10;
/// Most requests in one question from outside: a file of the public corpus has eight.
pub const OUTSIDE_REQUESTS_MAX: usize = 100;
/// How deeply brackets may nest in a policy: people lose track after five.
pub const NESTING_MAX: usize = 64;
/// Operators in one policy: our longest rule has a dozen; beyond some hundred in a row Cedar's validator
/// gives up without saying so.
pub const OPERATORS_MAX: usize = 128;
/// `if`s in one policy: each within another doubles the validator's work, and sixteen take a tenth of a second.
pub const IFS_MAX: usize = 12;
/// Native stack for reading, validating and slicing a policy: the deepest that is admitted takes less than two
/// megabytes in a build that is not optimised.
pub const STACK_BYTES: usize = 16 << 20;
/// Native stack that must be left for deciding without making room first.
pub const STACK_LEFT_BYTES_MIN: usize = 1 << 20;
/// Agents that a thread keeps as Cedar has them, about a kilobyte each.
pub const AGENTS_MAX: NonZeroUsize = kept(1_024);
/// Instants that a thread keeps as Cedar has them.
pub const DATETIMES_MAX: NonZeroUsize = kept(1_024);

const fn kept(n: usize) -> NonZeroUsize {
    match NonZeroUsize::new(n) {
        Some(n) => n,
        None => NonZeroUsize::MIN,
    }
}
/// Compiled books that are kept at hand beside those in force: the changes that a node's networks talk about.
pub const COMPILED_KEPT_MAX: usize = 16;
/// The name of a place.
pub const PLACE_BYTES_MAX: usize = 100;
/// Words of notices in one language, bytes: a dozen sentences.
pub const NOTICES_BYTES_MAX: usize = 8 << 10;
/// Brackets in all of them: some ten a sentence, and no more of the native stack than that many go down.
pub const NOTICES_BRACKETS_MAX: usize = 128;
