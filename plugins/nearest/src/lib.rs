//! Nearest first: offers ordered by the way to fetch them, older offers first where that is equal.

use sdk::matching::{Guest, Ranked, Verdict, Wish};
use sdk::{Context, Place, Reason, Value, because};

struct Nearest;

impl Guest for Nearest {
    fn rank(ctx: Context, wishes: Vec<Wish>) -> Vec<Verdict> {
        wishes.iter().map(|wish| rank(&ctx, wish)).collect()
    }
}

fn rank(ctx: &Context, wish: &Wish) -> Verdict {
    let home = ctx.agents.get(wish.seeker as usize).and_then(|seeker| seeker.place);
    let mut ways: Vec<(i64, u32)> =
        wish.candidates.iter().map(|row| (metres(ctx, home, *row).unwrap_or(i64::MAX), *row)).collect();
    ways.sort_unstable();
    ways.truncate(wish.most as usize);
    Verdict::Ranking(ways.into_iter().map(|(metres, candidate)| Ranked { candidate, because: why(metres) }).collect())
}

/// The way to a thing: where it is, or where whoever offers it is.
fn metres(ctx: &Context, home: Option<Place>, row: u32) -> Option<i64> {
    let intent = ctx.intents.get(row as usize)?;
    let thing = intent.stock.and_then(|stock| ctx.stocks.get(stock as usize)?.place);
    let owner = intent.provider.and_then(|agent| ctx.agents.get(agent as usize)?.place);
    Some(home?.metres(&thing.or(owner)?))
}

fn why(metres: i64) -> Reason {
    match metres {
        i64::MAX => because("unknown"),
        // To the nearest ten: nobody needs to know on which side of the street.
        metres => Reason { code: "metres".into(), params: vec![Value::Number((metres + 5) / 10 * 10)] },
    }
}

sdk::matching::export!(Nearest with_types_in sdk::matching);
