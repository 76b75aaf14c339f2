//! The named limits of governing, each with its reason.

/// Most acts in one command: one imported file or one loan, judged in well under a second.
pub const ACTS_MAX: usize = 1_000;
/// Most roles or trainings of one member: Cedar visits each.
pub const ROLES_MAX: usize = 64;
/// Most stewards named at founding.
pub const STEWARDS_MAX: usize = 64;
/// Furthest a sandbox's clock moves in one step: ten years, so that a typing slip stays repairable.
pub const ADVANCE_US_MAX: i64 = 3_660 * valueflows::Instant::DAY_US;
/// Longest delegation: a year and a day; whoever still wants it then says so again.
pub const DELEGATION_US_MAX: i64 = 366 * valueflows::Instant::DAY_US;
