//! The price that an acceptance names, held against the one that it is now.

use governance::AnyAct;
use ledger::{Act, View};
use serde_json::{Value as Json, json};

use super::Case;
use crate::anchors::anchors;
use crate::gathered::Heard;
use crate::halt::{Halt, quote_refusal};
use crate::quote;
use crate::ruling::{call, put};

impl Case<'_> {
    /// The price shown is the price committed: quoted again, compared, written into the agreement.
    pub(super) fn price(&mut self, view: &View, act: &AnyAct, ruling: &mut Json) -> Result<(), Halt> {
        let AnyAct::Economic(Act::Accept { quote: named, until, .. }) = act else { return Ok(()) };
        self.with.quoted.clear();
        let Some(found) = self.rules.pricing("borrow") else { return Ok(()) };
        let bound = self.stopped.let_answer(found)?;
        let anchors = anchors(view, act, self.agent)?;
        let told = quote::ask(self.memo, view, bound, self.scene.now, anchors, *until)?;
        self.plugin_us.update(|us| us + told.took_us);
        let lines = match told.heard {
            Heard::Said(lines) => lines,
            Heard::Refused(because) => {
                return Err(Halt::Refused(because.refuses("Ask for it on other terms.")));
            }
        };
        if self.rules.rehearsing {
            self.with.quoted = lines;
            return Ok(());
        }
        let named = named.as_ref().ok_or_else(|| {
            quote_refusal("quote-missing", "this network quotes a price first, and the acceptance names none")
        })?;
        let digest = quote::digest(bound, anchors, *until, &lines, named.expires);
        put(ruling, "quote", call(bound, told.fuel, told.input, "digest", json!(digest)));
        let longest = self.scene.now.plus_us(crate::limits::QUOTE_US);
        if named.expires < self.scene.now || named.expires > longest {
            return Err(quote_refusal("quote-expired", "the quote has expired"));
        }
        if named.digest != digest {
            let shown = quote::in_words(view, &lines)?;
            let sentence = format!("the price has changed since it was shown: it is now {shown}");
            return Err(quote_refusal("quote-changed", &sentence));
        }
        self.with.quoted = lines;
        Ok(())
    }
}
