//! Duties that follow from duties, and too many of them: for the tests of the limits.

use sdk::duties::{Cause, Duty, Guest, Promise, Verdict};
use sdk::{Action, Context, Value, because};

struct Hostile;

impl Guest for Hostile {
    fn oblige(ctx: Context, causes: Vec<Cause>) -> Vec<Verdict> {
        causes.iter().map(|_| follows(&ctx)).collect()
    }
}

fn follows(ctx: &Context) -> Verdict {
    let Value::Text(mode) = ctx.setting("mode") else { return Verdict::Unable(because("no-mode")) };
    let parties = ctx.events.first().map(|event| (event.provider, event.receiver));
    let promised = ctx.commitments.first().map(|promise| (promise.provider, promise.receiver));
    let happened = parties.is_some();
    let Some((Some(provider), Some(receiver))) = parties.or(promised) else {
        return Verdict::Unable(because("nobody"));
    };
    let promise = || {
        Duty::Commit(Promise {
            action: Action::Transfer,
            provider,
            receiver,
            stock: None,
            quantity: None,
            classes: vec!["more".into()],
            agreement: None,
            due: None,
        })
    };
    Verdict::Duties(match mode.as_str() {
        // Promises oblige to nothing; an event to as much as is allowed, or to one more.
        "most" if happened => (0..32).map(|_| promise()).collect(),
        "one-more" if happened => (0..33).map(|_| promise()).collect(),
        "flood" if happened => (0..65).map(|_| promise()).collect(),
        // Only a promise that falls due can be asked about again.
        "again" => vec![Duty::Again(ctx.now + 1)],
        "deep" => vec![promise()],
        _ => Vec::new(),
    })
}

sdk::duties::export!(Hostile with_types_in sdk::duties);
