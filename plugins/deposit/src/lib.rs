//! Deposit and late fee: a deposit that depends on the kind of tool, and a rate for late days.

use sdk::pricing::{Deal, Guest, Kind, Line, Verdict};
use sdk::{Context, DAY_US, Quantity, Reason, Value, because};

struct Deposit;

impl Guest for Deposit {
    fn quote(ctx: Context, deals: Vec<Deal>) -> Vec<Verdict> {
        deals.iter().map(|deal| quote(&ctx, deal)).collect()
    }
}

fn quote(ctx: &Context, deal: &Deal) -> Verdict {
    let most = ctx.number("days-most");
    if deal.ends - deal.begins > most * DAY_US {
        return Verdict::Refused(Reason { code: "too-long".into(), params: vec![Value::Number(most)] });
    }
    let dangerous = ctx.stocks.get(deal.stock as usize).is_some_and(|tool| {
        let spec = tool.spec.and_then(|row| ctx.specs.get(row as usize));
        spec.is_some_and(|spec| spec.classes.iter().any(|class| class == "dangerous"))
    });
    let deposit = ctx.amount(if dangerous { "deposit-dangerous" } else { "deposit" });
    let (Some(deposit), Some(late)) = (deposit, ctx.amount("late-day")) else {
        return Verdict::Unable(because("no-price"));
    };
    let line = |code: &str, kind, quantity: Quantity| Line { code: code.into(), kind, quantity };
    Verdict::Quoted(vec![
        line("deposit", Kind::Deposit, deposit),
        line("late-day", Kind::Rate, late),
    ])
}

sdk::pricing::export!(Deposit with_types_in sdk::pricing);
