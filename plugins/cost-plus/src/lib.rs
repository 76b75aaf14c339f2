//! What it costs, and a markup that giver and fund share to the last cent.

use sdk::Asked;
use sdk::pricing::{Deal, Line, Pricing, Verdict};

struct CostPlus;

impl Pricing for CostPlus {
    fn quote(deal: &Asked<Deal>) -> Verdict {
        let settings = deal.settings();
        let whole = |scale: u8| 10_i64.pow(u32::from(scale));
        // As many as are asked for, of a unit with decimals the begun one too; one, where nobody says how many.
        let many = deal.quantity.map_or(1, |quantity| {
            let one = deal.ctx.unit(quantity.unit).map_or(1, |unit| whole(unit.scale));
            (quantity.amount + one - 1) / one
        });
        let cost = settings.amount("cost").times(many);
        let part = settings.number("fund-part");
        let parts = cost.share(settings.number("plus"), 100).split(&[100 - part, part]);
        let mut lines = vec![Line::fee("cost", cost)];
        for (share, payee) in parts.into_iter().zip([None, settings.agent("fund")]) {
            if share.amount > 0 {
                lines.push(Line::fee("markup", share).to(payee));
            }
        }
        Verdict::Quoted(lines)
    }
}

sdk::pricing!(CostPlus);
