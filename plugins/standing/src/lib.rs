//! Standing: how many things somebody has kept too long, and what they owe. Facts only; whether
//! that is a reason to refuse is for the network's policies to say.

use sdk::access::{Act, Guest, Verdict};
use sdk::{Action, Context, Value, because};

const PROMISES: usize = 0;

struct Standing;

impl Guest for Standing {
    fn judge(ctx: Context, acts: Vec<Act>) -> Vec<Verdict> {
        (0..acts.len()).map(|item| standing(&ctx, item)).collect()
    }
}

fn standing(ctx: &Context, item: usize) -> Verdict {
    let promises = || ctx.commitments_found(PROMISES, item);
    let overdue = promises()
        .filter(|promise| promise.action == Action::TransferCustody)
        .filter(|promise| promise.due.is_some_and(|due| due < ctx.now))
        .count();
    let mut unpaid: Option<sdk::Quantity> = None;
    let debts = promises().filter(|promise| promise.is("fee") || promise.is("late-fee"));
    for debt in debts.filter_map(|debt| debt.quantity) {
        unpaid = match unpaid {
            None => Some(debt),
            Some(sum) if sum.unit == debt.unit => Some(sdk::Quantity { amount: sum.amount + debt.amount, ..sum }),
            Some(_) => return Verdict::Unable(because("two-currencies")),
        };
    }
    Verdict::Facts(vec![
        Value::Number(overdue as i64),
        unpaid.map_or(Value::Absent, Value::Amount),
        Value::YesNo(overdue == 0 && unpaid.is_none()),
    ])
}

sdk::access::export!(Standing with_types_in sdk::access);
