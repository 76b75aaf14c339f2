//! Who vouches for whoever would get something; something precious goes to nobody for whom too few do.

use std::collections::BTreeSet;

use sdk::access::{Access, Act, Verdict};
use sdk::{Agents, Asked, because};

sdk::facts! { Vouching { vouchers: Agents, enough: bool } }

struct Rule;

impl Access for Rule {
    fn judge(act: &Asked<Act>) -> Verdict {
        let settings = act.settings();
        // Whoever vouches twice is one, and nobody vouches for themselves.
        let others = act.commitments("vouches").filter_map(|vouch| vouch.provider);
        let vouchers: BTreeSet<u32> = others.filter(|other| Some(*other) != act.receiver).collect();
        let (needed, found) = (settings.number("needed"), vouchers.len() as i64);
        let facts = Vouching { vouchers: Agents(vouchers.into_iter().collect()), enough: found >= needed };
        match act.ctx.is_kind(act.stock, settings.text("precious")) && found < needed {
            true => facts.refused(because("too-few").with(needed).with(found)),
            false => facts.into(),
        }
    }
}

sdk::access!(Rule);
