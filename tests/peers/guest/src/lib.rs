//! The rule of `plugins/standing`, for Extism: JSON in, JSON out.

use extism_pdk::{FnResult, plugin_fn};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Asked {
    context: Context,
    items: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Context {
    now: i64,
    commitments: Vec<Commitment>,
    found: Vec<Found>,
}

#[derive(Deserialize)]
struct Commitment {
    action: String,
    quantity: Option<Quantity>,
    classes: Vec<String>,
    due: Option<i64>,
    finished: bool,
}

#[derive(Deserialize, Serialize, Clone, Copy)]
struct Quantity {
    amount: i64,
    unit: u32,
}

#[derive(Deserialize)]
struct Found {
    starts: Vec<u32>,
    rows: Vec<u32>,
}

#[derive(Serialize)]
struct Standing {
    overdue: i64,
    unpaid: Option<Quantity>,
    clear: bool,
}

#[plugin_fn]
pub fn judge(asked: Vec<u8>) -> FnResult<Vec<u8>> {
    let Asked { context, items } = serde_json::from_slice(&asked)?;
    let found = &context.found[0];
    let facts: Vec<Standing> = (0..items.len())
        .map(|n| {
            let rows = &found.rows[found.starts[n] as usize..found.starts[n + 1] as usize];
            let promises = || rows.iter().map(|row| &context.commitments[*row as usize]);
            let late = |promise: &&Commitment| {
                promise.action == "TransferCustody" && !promise.finished && promise.due.is_some_and(|due| due < context.now)
            };
            let overdue = promises().filter(late).count() as i64;
            let is = |promise: &&Commitment, class: &str| promise.classes.iter().any(|known| known == class);
            let debts = promises().filter(|promise| is(promise, "fee") || is(promise, "late-fee"));
            let unpaid = debts.filter_map(|debt| debt.quantity).reduce(|a, b| Quantity { amount: a.amount + b.amount, ..a });
            Standing { overdue, unpaid, clear: overdue == 0 && unpaid.is_none() }
        })
        .collect();
    Ok(serde_json::to_vec(&facts)?)
}
