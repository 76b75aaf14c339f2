//! A plugin of every world that breaks the law that its setting names: the tests write a manifest into it that offers one
//! mode alone, so that it is tried with nothing else.

use sdk::access::{Access, Act};
use sdk::duties::{Cause, Duties, Duty, Promise};
use sdk::matching::{Allocation, Ask, Grant, Left, Matching, Ranked, Round, Wish};
use sdk::pricing::{Deal, Line, Pricing};
use sdk::tally::{Ballot, Counted, Outcome, Poll, Tally};
use sdk::{Action, Asked, Commitment, DAY_US, Event, Quantity, Reason, Settings, Value, access, because, duties, matching, pricing, tally};

struct Lawless;

fn said_so() -> Reason {
    because("said-so")
}

impl Tally for Lawless {
    fn check(settings: &Settings) -> Option<Reason> {
        (settings.text("mode") == "shut").then(said_so)
    }

    fn count(poll: &Asked<Poll>) -> tally::Verdict {
        let yes = poll.casts.iter().filter(|cast| likes(&cast.ballot)).count() as i64;
        let accepted = |is: bool| if is { Outcome::Accepted(0) } else { Outcome::Rejected };
        let first = poll.casts.iter().min_by_key(|cast| cast.voter).is_some_and(|cast| likes(&cast.ballot));
        let last = poll.casts.last().is_some_and(|cast| likes(&cast.ballot));
        let (outcome, code) = match poll.settings().text("mode") {
            "trap" if yes > 1 => core::arch::wasm32::unreachable(),
            "last" => (accepted(last), "said-so"),
            "head" => (accepted(first), "said-so"),
            "less" => (accepted(yes == 1), "said-so"),
            "left" => (Outcome::Accepted(0), "said-so"),
            "away" => (accepted(yes > 0 && poll.casts.len() < 3), "said-so"),
            "wide" => (Outcome::Accepted(9), "said-so"),
            "mute" => (Outcome::Rejected, "unsaid"),
            _ => (Outcome::Rejected, "said-so"),
        };
        tally::Verdict::Counted(Counted {
            outcome,
            numbers: vec![yes; poll.choices as usize],
            because: vec![because(code)],
        })
    }
}

fn likes(ballot: &Ballot) -> bool {
    match ballot {
        Ballot::Yes => true,
        Ballot::Approve(rows) => rows.contains(&0),
        Ballot::Score(points) => points.first().is_some_and(|points| *points > 2),
        Ballot::Rank(places) => places.first().is_some_and(|place| place.contains(&0)),
        _ => false,
    }
}

impl Pricing for Lawless {
    fn quote(deal: &Asked<Deal>) -> pricing::Verdict {
        let days = (deal.ends - deal.begins) / DAY_US;
        let fee = |amount, unit| vec![Line::fee("fee", Quantity { amount, unit })];
        pricing::Verdict::Quoted(match deal.settings().text("mode") {
            "less" => fee((400 - days).max(0), 0),
            "back" => fee(-1, 0),
            "unit" => fee(1, 7),
            "whom" => fee(1, 0).into_iter().map(|line| line.to(Some(9))).collect(),
            _ => fee(days, 0),
        })
    }
}

impl Access for Lawless {
    fn judge(act: &Asked<Act>) -> access::Verdict {
        access::Verdict::Facts(match act.settings().text("mode") {
            "few" => Vec::new(),
            "kind" => vec![Value::YesNo(true)],
            "huge" => vec![Value::Number(i64::MAX)],
            // What was found for all of them together.
            "pool" => vec![Value::Number(act.ctx.found.iter().map(|found| found.rows.len() as i64).sum())],
            // How many it was asked about before: of a call before it nothing is left, of the same call there is.
            "kept" => {
                static CALLS: core::sync::atomic::AtomicI64 = core::sync::atomic::AtomicI64::new(0);
                vec![Value::Number(CALLS.fetch_add(1, core::sync::atomic::Ordering::Relaxed))]
            }
            // Whether there was more than was found.
            "cut" => vec![Value::Number(i64::from(act.is_cut("rows")))],
            _ => vec![Value::Number(1)],
        })
    }
}

impl Duties for Lawless {
    fn happened(cause: &Asked<Cause>, _: &Event) -> duties::Verdict {
        obliges(cause)
    }

    fn promised(cause: &Asked<Cause>, _: &Commitment) -> duties::Verdict {
        obliges(cause)
    }

    fn fell_due(cause: &Asked<Cause>, _: &Commitment, at: i64) -> duties::Verdict {
        match cause.settings().text("mode") {
            "past" => duties::Verdict::Duties(vec![Duty::Again(at)]),
            _ => duties::Verdict::Duties(vec![Duty::Again(at + 1)]),
        }
    }
}

fn obliges(cause: &Asked<Cause>) -> duties::Verdict {
    let promise = |provider, amount| {
        Duty::Commit(Promise {
            action: Action::Transfer,
            provider,
            receiver: 0,
            stock: None,
            spec: None,
            quantity: Some(Quantity { amount, unit: 0 }),
            effort: None,
            classes: Vec::new(),
            agreement: None,
            due: None,
        })
    };
    duties::Verdict::Duties(match cause.settings().text("mode") {
        "whom" => vec![promise(99, 1)],
        "back" => vec![promise(0, -1)],
        "many" => (0..65).map(|_| promise(0, 1)).collect(),
        "again" => vec![Duty::Again(cause.now + 1)],
        _ => vec![promise(0, 1)],
    })
}

impl Matching for Lawless {
    fn rank(ask: &Asked<Ask>, wish: &Wish) -> matching::Verdict {
        let most = wish.most as usize;
        let mut rows = wish.candidates.clone();
        match ask.settings().text("mode") {
            "more" => {}
            "list" => rows.truncate(most),
            "none" => rows = vec![99],
            "pair" => rows = rows.first().map(|row| vec![*row; most.min(2)]).unwrap_or_default(),
            _ => {
                rows.sort_unstable();
                rows.truncate(most);
            }
        }
        let ranked = |candidate| Ranked { candidate, because: said_so() };
        matching::Verdict::Ranking(rows.into_iter().map(ranked).collect())
    }

    fn allocate(ask: &Asked<Ask>, round: &Round) -> matching::Verdict {
        let mode = ask.settings().text("mode");
        let (mut needs, mut offers) = (round.needs.clone(), round.offers.clone());
        if mode != "list" {
            needs.sort_unstable();
            offers.sort_unstable();
        }
        let offered = |row: &u32| {
            ask.ctx.intent(*row).and_then(|offer| Some((*row, offer.available.filter(|have| have.amount > 0)?)))
        };
        let first = offers.iter().find_map(offered);
        let mut grants = Vec::new();
        if let (Some((offer, have)), Some(need)) = (first, needs.first()) {
            let amount = if mode == "over" { have.amount + 1 } else { have.amount };
            let quantity = Quantity { amount, unit: have.unit };
            grants.push(Grant { offer, need: *need, quantity, because: said_so() });
        }
        let without = |need: &&u32| grants.iter().all(|grant: &Grant| grant.need != **need);
        let left = needs.iter().filter(without).map(|need| Left { need: *need, because: said_so() });
        let left = if mode == "mute" { Vec::new() } else { left.collect() };
        matching::Verdict::Allocated(Allocation { grants, left })
    }
}

sdk::tally!(Lawless);
sdk::pricing!(Lawless);
sdk::access!(Lawless);
sdk::duties!(Lawless);
sdk::matching!(Lawless);
