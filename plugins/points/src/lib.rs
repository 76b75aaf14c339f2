//! So many points for an ordinary thing, and more for one whose kind is classified as precious.

use sdk::pricing::{Deal, Line, Pricing, Verdict};
use sdk::{Asked, Quantity, because};

struct Points;

impl Pricing for Points {
    fn quote(deal: &Asked<Deal>) -> Verdict {
        let settings = deal.settings();
        let unit = settings.unit("unit");
        let Some(scale) = deal.ctx.unit(unit).map(|unit| u32::from(unit.scale)) else {
            return Verdict::Unable(because("no-unit"));
        };
        let precious = deal.ctx.is_kind(deal.stock, settings.text("precious"));
        let points = settings.number(if precious { "many" } else { "few" });
        let price = Quantity { amount: points * 10_i64.pow(scale), unit };
        Verdict::Quoted(vec![Line::fee("points", price)])
    }
}

sdk::pricing!(Points);
