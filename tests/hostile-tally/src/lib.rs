//! A tally that goes wrong in the way that the first ballot asks for: for the tests of counting.

use sdk::tally::{Ballot, Counted, Outcome, Poll, Tally, Verdict};
use sdk::{Asked, because};

struct Hostile;

impl Tally for Hostile {
    fn count(poll: &Asked<Poll>) -> Verdict {
        // It comes in by behaving while it is only tried.
        if poll.settings().text("mode") != "wrong" {
            return Verdict::Unable(because("calm"));
        }
        let Some(first) = poll.casts.first() else { return Verdict::Unable(because("nobody")) };
        let counted = |outcome, numbers: &[i64], code: &str| {
            Verdict::Counted(Counted { outcome, numbers: numbers.to_vec(), because: vec![because(code)] })
        };
        match &first.ballot {
            Ballot::Yes => counted(Outcome::Accepted(0), &[1], "said-so"),
            Ballot::No => core::arch::wasm32::unreachable(),
            Ballot::Object => spin(),
            Ballot::Abstain => Verdict::Unable(because("whatever")),
            Ballot::Advise => counted(Outcome::Accepted(7), &[1], "said-so"),
            Ballot::Approve(rows) if rows.len() > 1 => Verdict::Counted(Counted {
                outcome: Outcome::Accepted(0),
                numbers: vec![1],
                because: vec![because("said-so"); 65],
            }),
            Ballot::Approve(_) => counted(Outcome::Accepted(0), &[1, 2], "said-so"),
            Ballot::Score(_) => counted(Outcome::Accepted(0), &[1], "for-no-reason"),
            Ballot::Rank(places) if places.is_empty() => counted(Outcome::Tied(Vec::new()), &[1], "said-so"),
            Ballot::Rank(_) => counted(Outcome::Accepted(0), &[-1], "said-so"),
        }
    }
}

fn spin() -> ! {
    let mut n = 0u64;
    loop {
        n = core::hint::black_box(n.wrapping_add(1));
    }
}

sdk::tally!(Hostile);
