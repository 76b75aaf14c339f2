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
/// Longest span of a way of deciding, days: ten years.
pub const DAYS_MAX: u32 = 3_660;
/// Most sponsors that a way of deciding may ask for, and most that an amendment keeps.
pub const SPONSORS_MAX: u32 = 64;
/// Most voters of one question: a town.
pub const VOTERS_MAX: usize = 20_000;
/// Most versions that an amendment may have been through: whoever needs more writes another one.
pub const VERSIONS_MAX: usize = 64;
/// Most acts that an amendment carries out.
pub const EFFECTS_MAX: usize = 64;
/// Most changes that are written down instead of one: a ballot that still fits on a page.
pub const RIVALS_MAX: usize = 7;
/// For how many days a change that is due for review still stands before it ends, where it ends by itself.
pub const REVIEW_GRACE_DAYS: u32 = 30;
/// Longest term of a role: ten years; whoever is still wanted then is chosen again.
pub const TERM_US_MAX: i64 = 3_660 * valueflows::Instant::DAY_US;
/// Longest suspension: a year; whoever must not come back after it has to be told so.
pub const SUSPENSION_US_MAX: i64 = 366 * valueflows::Instant::DAY_US;
/// Longest pause, and longest suspension of a rule: three days; what takes longer is decided by everybody.
pub const STOP_US_MAX: i64 = 3 * valueflows::Instant::DAY_US;
/// After how many days without anybody doing anything a network counts as dormant.
pub const DORMANT_DAYS: u32 = 90;
/// For how many days members can say no before recovered rules are in force.
pub const RECOVERY_DAYS: u32 = 30;
/// Longest exception: whoever needs it for longer than a month needs another rule.
pub const EXCEPTION_US_MAX: i64 = 30 * valueflows::Instant::DAY_US;
/// Most exceptions that one member has at once.
pub const EXCEPTIONS_MAX: usize = 16;
/// Longest that somebody has to look into a case, days: a season.
pub const CASE_DAYS_MAX: u32 = 92;
/// How often somebody else is asked to look into a case that nobody has closed in time.
pub const ESCALATIONS_MAX: i64 = 3;
/// Most cases that one member has open at once: whoever opens more of them wants something else.
pub const OPEN_CASES_MAX: usize = 8;
/// Most parties of a case.
pub const PARTIES_MAX: usize = 16;
/// Most that is said in a case: a thread that still fits on a page.
pub const STATEMENTS_MAX: usize = 100;
/// Most questions to whoever wants to join, and most vouchers that it may take.
pub const QUESTIONS_MAX: usize = 16;
/// Longest answer to such a question, bytes.
pub const ANSWER_BYTES_MAX: usize = 4_096;
/// For how many days an application waits to be answered; then it is over, and somebody may apply again.
pub const APPLICATION_DAYS: u32 = 60;
/// Most entries whose personal part goes at once: their list still fits into an entry many times over. Whatever is
/// more is erased in several steps.
pub const ERASED_ENTRIES_MAX: usize = 2_000;
/// Most records that one step of an erasure touches: fewer than a command may read.
pub const ERASED_RECORDS_MAX: usize = 4_000;
/// How long it counts that somebody says who asks to be let in again: a week, for the second to say it and the link to be made.
pub const RESTORE_US: i64 = 7 * valueflows::Instant::DAY_US;
/// Most people who give somebody another key.
pub const GUARDIANS_MAX: usize = 16;
