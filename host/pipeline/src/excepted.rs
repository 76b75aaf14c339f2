//! What somebody is let do once: asked only where the rules refuse.

use std::sync::Arc;

use governance::{AnyAct, exceptions};
use ledger::{Act, View};
use policy::{Ask, Facts, Principal, Scene, Verdict};
use valueflows::{Prop, Record, Value};

use crate::halt::Halt;
use crate::rules::Rules;
use crate::stopped::Stops;

/// An exception, and the policies that settle an act with it.
pub(crate) struct Excepted {
    /// The exception's record.
    pub exception: Arc<Record>,
    /// The policies, by their ids.
    pub policies: Vec<String>,
}

/// The exception with which an act is permitted after all.
pub(crate) fn by(
    rules: &Rules,
    stopped: &Stops,
    view: &View,
    scene: Scene,
    (act, ask, facts): (&AnyAct, &Ask, &Facts),
) -> Result<Option<Excepted>, Halt> {
    let (Principal::Agent(agent), true) = (&ask.principal, rules.compiled.is_bindable(&ask.action)) else {
        return Ok(None);
    };
    let amount = match act {
        AnyAct::Economic(
            Act::Record { event: fields, .. } | Act::Commit { fields } | Act::Claim { fields },
        ) => fields.get(Prop::ResourceQuantity),
        _ => None,
    };
    let amount = match amount {
        Some(Value::Measure(measure)) => Some(measure),
        _ => None,
    };
    let (thing, days) = ask.bounds();
    let wanted = exceptions::Wanted { agent: *agent, act: &ask.action, thing, days, amount, now: scene.now };
    let compiled = &rules.compiled;
    for exception in exceptions::standing(view, &wanted)? {
        let rule = exception.fields.text(Prop::Subject).filter(|rule| compiled.may_be_suspended(rule));
        let lifted: Vec<String> = stopped.rules.iter().cloned().chain(rule.map(str::to_owned)).collect();
        let ask = ask.with_exception(&exception);
        let verdict = compiled.decide_without(view, scene, &ask, facts, &lifted)?;
        if verdict.verdict == Verdict::Permit {
            return Ok(Some(Excepted { exception, policies: verdict.policies }));
        }
    }
    Ok(None)
}
