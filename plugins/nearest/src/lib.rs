//! Nearest first: offers ordered by the way to fetch them, older offers first where that is equal.

use sdk::matching::{Ask, Doubt, Matching, Ranked, Verdict, Wish};
use sdk::{Asked, Context, Reason, because};

struct Nearest;

impl Matching for Nearest {
    fn rank(ask: &Asked<Ask>, wish: &Wish) -> Verdict {
        let way = |row: &u32| (metres(ask.ctx, wish, *row).unwrap_or(i64::MAX), *row);
        let mut ways: Vec<(i64, u32)> = wish.candidates.iter().map(way).collect();
        ways.sort_unstable();
        let ranked = |(metres, candidate)| Ranked { candidate, because: why(metres) };
        Verdict::Ranking(ways.into_iter().take(wish.most as usize).map(ranked).collect())
    }

    fn why_not(ask: &Asked<Ask>, doubt: &Doubt) -> Verdict {
        Verdict::Why(why(metres(ask.ctx, &doubt.wish, doubt.about).unwrap_or(i64::MAX)))
    }
}

/// The way to a thing: where it is, or where whoever offers it is.
fn metres(ctx: &Context, wish: &Wish, row: u32) -> Option<i64> {
    let intent = ctx.intent(row)?;
    let thing = ctx.stock(intent.stock).and_then(|stock| stock.place);
    let owner = ctx.agent(intent.provider).and_then(|agent| agent.place);
    Some(ctx.agent(wish.seeker)?.place?.metres(&thing.or(owner)?))
}

fn why(metres: i64) -> Reason {
    match metres {
        i64::MAX => because("unknown"),
        // To the nearest ten: nobody needs to know on which side of the street.
        metres => because("metres").with((metres + 5) / 10 * 10),
    }
}

sdk::matching!(Nearest);
