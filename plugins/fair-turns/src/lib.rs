//! What is offered is dealt out by turns, a bit at a time, until nothing is left or nobody needs more; the lot decides who
//! begins.

use sdk::matching::{Allocation, Ask, Grant, Left, Matching, Round, Verdict};
use sdk::{Asked, Quantity, because};

struct FairTurns;

impl Matching for FairTurns {
    fn allocate(ask: &Asked<Ask>, round: &Round) -> Verdict {
        let rows = |of: &[u32]| -> Vec<(u32, Quantity)> {
            let amount = |row: u32| ask.ctx.intent(row).and_then(|intent| intent.available);
            of.iter().filter_map(|row| Some((*row, amount(*row)?))).collect()
        };
        let (mut offers, mut needs) = (rows(&round.offers), rows(&round.needs));
        offers.sort_unstable_by_key(|(row, _)| *row);
        needs.sort_unstable_by_key(|(row, _)| ask.ctx.lot(*row));
        let bit = ask.settings().number("bit");
        let mut grants = Vec::new();
        for (unit, row) in ask.ctx.units.iter().zip(0..) {
            let of_it = |(_, amount): &&(u32, Quantity)| amount.unit == row && amount.amount > 0;
            let wants: Vec<(u32, i64)> =
                needs.iter().filter(of_it).map(|(need, it)| (*need, it.amount)).collect();
            let offered: i64 = offers.iter().filter(of_it).map(|(_, it)| it.amount).sum();
            let got = dealt(&wants, offered, bit * 10_i64.pow(u32::from(unit.scale)));
            let mut from = offers.iter_mut().filter(|(_, left)| left.unit == row);
            let mut offer = from.next();
            for ((need, _), mut due) in wants.into_iter().zip(got) {
                while let (Some((giver, left)), true) = (&mut offer, due > 0) {
                    let quantity = Quantity { amount: due.min(left.amount), ..*left };
                    if quantity.amount > 0 {
                        let because = because("dealt").with(bit);
                        grants.push(Grant { offer: *giver, need, quantity, because });
                    }
                    (left.amount, due) = (left.amount - quantity.amount, due - quantity.amount);
                    if left.amount <= 0 {
                        offer = from.next();
                    }
                }
            }
        }
        grants.sort_by_key(|grant| (grant.offer, grant.need));
        let nothing = |need: &&u32| !grants.iter().any(|grant| grant.need == **need);
        let left =
            round.needs.iter().filter(nothing).map(|need| Left { need: *need, because: because("gone") });
        let left = left.collect();
        Verdict::Allocated(Allocation { grants, left })
    }
}

/// How much each gets of so much, a bit at each turn, in the order in which they stand: as many turns at once as everybody has
/// in full, and then one by one.
fn dealt(wants: &[(u32, i64)], mut left: i64, bit: i64) -> Vec<i64> {
    let mut got = vec![0; wants.len()];
    loop {
        let open =
            |got: &[i64]| -> Vec<usize> { (0..wants.len()).filter(|n| got[*n] < wants[*n].1).collect() };
        let players = open(&got);
        let least = players.iter().map(|n| wants[*n].1 - got[*n]).min();
        let Some(least) = least.filter(|_| left > 0) else { return got };
        let turns = (left / bit / players.len() as i64).min(least / bit);
        for n in players {
            let turn = if turns > 0 { turns * bit } else { bit.min(wants[n].1 - got[n]).min(left) };
            got[n] += turn;
            left -= turn;
        }
    }
}

sdk::matching!(FairTurns);
