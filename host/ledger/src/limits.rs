//! The named limits of the ledger, each with its reason.

use valueflows::Instant;

/// Longest loan that can be promised: a year and a day; longer is a gift or a mistake.
pub const LOAN_US_MAX: i64 = 366 * Instant::DAY_US;
/// How far a reported time may lie ahead of the books' own: clocks differ by minutes, not days.
pub const CLOCK_SKEW_US_MAX: i64 = 10 * Instant::MINUTE_US;
/// Most things in a container, and in those that are in it: they are all read and written when it moves.
pub const CONTENTS_MAX: usize = 500;
/// Most intents in one published offer: a page, not a catalogue.
pub const INTENTS_MAX: usize = 32;
/// Most offers, and most needs, of one round of sharing out.
pub const ROUND_LEN_MAX: usize = 100;
/// Most records that one question about links may find before a command is refused as too much to read.
pub const LINKED_MAX: usize = 1_000;
/// The same for ballots, of which there is one for each voter of a town.
pub const BALLOTS_MAX: usize = 20_000;

/// Most processes and inputs of one plan: ten thousand recipes over a thousand demands, of which each needs some.
pub const PLAN_FLOWS_MAX: usize = 200_000;
/// Of what somebody has given and got, the newest so many are answered: more than a year of a busy member, and a quick read.
pub const RECENT_MAX: usize = 500;

/// Most records of a class that one question may find.
pub fn linked_max(class: valueflows::Class) -> usize {
    if class == valueflows::Class::Ballot { BALLOTS_MAX } else { LINKED_MAX }
}
