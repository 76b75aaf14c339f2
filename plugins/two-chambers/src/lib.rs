//! Two chambers: a change as it stands is made if it has a majority in each of two groups. Whoever belongs to both counts
//! in both; where one group has as many for as against, nothing changes.

use sdk::tally::{Ballot, Counted, Outcome, Poll, Tally, Verdict};
use sdk::{Asked, Reason, Settings, because};

struct TwoChambers;

impl Tally for TwoChambers {
    fn check(settings: &Settings) -> Option<Reason> {
        (settings.text("first") == settings.text("second")).then(|| because("same-group"))
    }

    fn count(poll: &Asked<Poll>) -> Verdict {
        let settings = poll.settings();
        let chambers = [settings.text("first"), settings.text("second")];
        let counted = chambers.map(|role| (role, votes(poll, role, true), votes(poll, role, false)));
        let passes = counted.iter().all(|(_, yes, no)| yes > no);
        Verdict::Counted(Counted {
            outcome: if passes { Outcome::Accepted(0) } else { Outcome::Rejected },
            numbers: vec![counted.iter().map(|(_, yes, _)| yes).sum(); poll.choices as usize],
            because: counted
                .map(|(role, yes, no)| because("of-a-chamber").with(role).with(yes).with(no))
                .to_vec(),
        })
    }
}

/// How many of a chamber are for it, or against it.
fn votes(poll: &Poll, role: &str, wanted: bool) -> i64 {
    let belongs = |voter: u32| {
        poll.electorate.get(voter as usize).is_some_and(|voter| voter.chambers.iter().any(|own| own == role))
    };
    let says = |ballot: &Ballot| match ballot {
        Ballot::Yes => wanted,
        Ballot::No | Ballot::Object => !wanted,
        _ => false,
    };
    poll.casts.iter().filter(|cast| belongs(cast.voter) && says(&cast.ballot)).count() as i64
}

sdk::tally!(TwoChambers);
