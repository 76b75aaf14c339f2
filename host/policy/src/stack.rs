//! Native stack for Cedar. Its validator and its evaluator look how much of it is left and give up when it is
//! little; the validator does so without a word, so that a policy would be left out of every slice and a `forbid`
//! would forbid nothing. How much is left depends on the thread, the build and the C library; here it does not.

use crate::limits::{STACK_BYTES, STACK_LEFT_BYTES_MIN};

/// Does something that goes as deep as a policy does, with room for the deepest that is admitted.
pub(crate) fn deep<T>(work: impl FnOnce() -> T) -> T {
    stacker::grow(STACK_BYTES, work)
}

/// The same for what is done thousands of times a second, where there is usually room already.
pub(crate) fn shallow<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK_LEFT_BYTES_MIN, STACK_BYTES, work)
}
