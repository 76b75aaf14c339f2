//! Needs first: whoever got least lately comes first, and of equals the lot decides. Each gets what they asked for as far as
//! it goes, of the offers in the order in which they were made.

use sdk::matching::{Allocation, Ask, Grant, Left, Matching, Round, Verdict};
use sdk::{Asked, Quantity, because};

struct NeedsFirst;

impl Matching for NeedsFirst {
    fn allocate(ask: &Asked<Ask>, round: &Round) -> Verdict {
        let amount = |row: &u32| ask.ctx.intent(*row).and_then(|intent| intent.available);
        let lately = |row: u32| {
            let who = ask.ctx.intent(row).and_then(|need| need.receiver);
            ask.commitments("lately").filter(|promise| who.is_some() && promise.receiver == who).count()
                as i64
        };
        let mut needs: Vec<(i64, u64, u32)> =
            round.needs.iter().map(|row| (lately(*row), ask.ctx.lot(*row), *row)).collect();
        needs.sort_unstable();
        let mut offers: Vec<(u32, Quantity)> =
            round.offers.iter().filter_map(|row| Some((*row, amount(row)?))).collect();
        offers.sort_unstable_by_key(|(row, _)| *row);
        let mut allocation = Allocation { grants: Vec::new(), left: Vec::new() };
        for (lately, _, need) in needs {
            let before = allocation.grants.len();
            let mut wanted = amount(&need).map_or(0, |wanted| wanted.amount);
            let of_its_unit = |left: &Quantity| amount(&need).is_some_and(|wanted| wanted.unit == left.unit);
            for (offer, left) in offers.iter_mut().filter(|(_, left)| of_its_unit(left)) {
                let quantity = Quantity { amount: wanted.min(left.amount), ..*left };
                if quantity.amount > 0 {
                    let because = because("turn").with(lately);
                    allocation.grants.push(Grant { offer: *offer, need, quantity, because });
                    (left.amount, wanted) = (left.amount - quantity.amount, wanted - quantity.amount);
                }
            }
            if allocation.grants.len() == before {
                allocation.left.push(Left { need, because: because("gone") });
            }
        }
        Verdict::Allocated(allocation)
    }
}

sdk::matching!(NeedsFirst);
