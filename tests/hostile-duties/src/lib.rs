//! Duties that follow from duties, and too many of them: for the tests of the limits.

use sdk::duties::{Cause, Duties, Duty, Promise, Verdict};
use sdk::{Action, Asked, Commitment, Event, because};

struct Hostile;

impl Duties for Hostile {
    fn happened(cause: &Asked<Cause>, _: &Event) -> Verdict {
        follows(cause)
    }

    fn promised(cause: &Asked<Cause>, _: &Commitment) -> Verdict {
        follows(cause)
    }

    fn fell_due(cause: &Asked<Cause>, _: &Commitment, _: i64) -> Verdict {
        follows(cause)
    }
}

fn follows(cause: &Asked<Cause>) -> Verdict {
    let ctx = cause.ctx;
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
            spec: None,
            quantity: None,
            effort: None,
            classes: vec!["more".into()],
            agreement: None,
            due: None,
        })
    };
    Verdict::Duties(match cause.settings().text("mode") {
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

sdk::duties!(Hostile);
