//! One function of values: rules, what is known, a command, the time — a judgement, or what must be
//! read first. Lane, quote, explanation and verification call it and nothing else.

mod price;
mod round;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use governance::{AnyAct, Command, GoverningAct, InForce, exceptions, membership, stops};
use ledger::{Act, Circumstances, Key, Missing, Outcome, Signer, View};
use policy::{Ask, Principal, Reason, Scene, SignedBy, Verdict, Via, explain};
use sandbox::{CallError, FailureClass, types};
use serde_json::{Value as Json, json};
use valueflows::{Class, FactGroup, FactValue, Id, Instant, NetworkId, Prop, Record, Surface, Value};

use crate::anchors::{agreement_of_promises, of_fields};
use crate::counting;
use crate::decision::{Decision, Refused};
use crate::excepted::{self, Excepted};
use crate::gate;
use crate::gathered::{self, Follow, Gathered};
use crate::halt::Halt;
use crate::input::{self, Anchors};
use crate::item;
use crate::limits::{DUTIES_MAX, DUTY_DEPTH_MAX};
use crate::meter::{self, Stage};
use crate::plugins::Memo;
use crate::rules::{Bound, Rules};
use crate::ruling::{call, push, put};
use crate::stopped::Stops;

/// A judgement. The records of a permitted command lie in the view's open layer.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// The verdict.
    pub decision: Decision,
    /// The records that it makes and changes, the last state of each, in the order of first touch.
    pub made: Vec<Record>,
    /// Deadlines that begin to stand.
    pub due: Vec<(Instant, Id)>,
    /// Promises whose deadlines no longer stand.
    pub settled: Vec<Id>,
    /// By whose key it is signed.
    pub signed_by: SignedBy,
    /// How it was judged, for the entry: one object an act.
    pub acts: Vec<Json>,
    /// What was read, as it was when it was first read.
    pub reads: BTreeMap<Id, Option<Arc<Record>>>,
    /// What plugins took, microseconds.
    pub plugin_us: u64,
}

/// Why there is no judgement.
#[derive(Debug)]
pub enum NoJudgement {
    /// More has to be read.
    Missing(Missing),
    /// A plugin gave no answer for a reason that is not its own doing: nothing is decided.
    NoAnswer(CallError),
    /// The host itself failed.
    Broken(String),
}

/// What to do where a calculation refuses.
const ASK_A_STEWARD: &str = "Ask a steward what this rule asks for.";

struct Case<'a> {
    rules: &'a Rules,
    memo: &'a Memo,
    scene: Scene,
    with: Circumstances,
    agent: Id,
    made: Vec<Record>,
    due: Vec<(Instant, Id)>,
    settled: Vec<Id>,
    duties: usize,
    plugin_us: Cell<u64>,
    stopped: Stops,
    given: Given<'a>,
    /// Which act of the command is judged.
    nth: usize,
}

/// What a judgement is given beside the books.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// What the entry has noted, if it is judged again: a ruling for each act.
    pub recorded: Option<&'a [Json]>,
    /// What nobody chose, for whatever is drawn by lot.
    pub seed: [u8; 32],
}

/// Judges a command. On a permit the view's top layer holds what it makes and waits to be merged;
/// otherwise the layer is empty again.
pub fn judge(
    rules: &Rules,
    memo: &Memo,
    view: &mut View,
    command: &Command,
    scene: Scene,
    given: Given<'_>,
) -> Result<Judgement, NoJudgement> {
    view.forget_reads();
    let keys: Vec<Key> = first_keys(command, scene.network, scene.via);
    view.require(&keys).map_err(NoJudgement::Missing)?;
    // What will be asked for next, guessed from what is known: it saves rounds and decides nothing.
    view.require(&crate::ahead::keys(rules, view, command)).map_err(NoJudgement::Missing)?;
    let (signed_by, signer) = match crate::signed::check(view, command, scene) {
        Ok(signed) => signed,
        Err(halt) => return refuse(halt, (0, SignedBy::Node), json!({}), view),
    };
    let scene = Scene { signed_by, ..scene };
    view.open_layer();
    let with = circumstances(rules, command, scene, signer);
    let mut case = Case {
        rules,
        memo,
        scene,
        with,
        agent: command.agent,
        made: Vec::new(),
        due: Vec::new(),
        settled: Vec::new(),
        duties: 0,
        plugin_us: Cell::new(0),
        stopped: Stops::standing(view, scene)?,
        given,
        nth: 0,
    };
    let mut acts = Vec::with_capacity(command.acts.len());
    for (n, act) in command.acts.iter().enumerate() {
        let mut ruling = json!({});
        case.nth = n;
        match case.act(view, act, Principal::Agent(command.agent), DUTY_DEPTH_MAX, &mut ruling) {
            Ok(()) => acts.push(ruling),
            Err(halt) => {
                let plugin_us = case.plugin_us.get();
                view.drop_layer();
                return refuse(halt, (n, signed_by), ruling, view)
                    .map(|refusal| Judgement { plugin_us, ..refusal });
            }
        }
    }
    Ok(Judgement {
        decision: Ok(()),
        made: case.made,
        due: case.due,
        settled: case.settled,
        signed_by,
        acts,
        reads: view.reads(),
        plugin_us: case.plugin_us.get(),
    })
}

/// Everything about the acts of a command that is not in them.
fn circumstances(rules: &Rules, command: &Command, scene: Scene, signer: Option<Signer>) -> Circumstances {
    Circumstances {
        network: scene.network,
        command: command.id,
        agent: command.agent,
        now: scene.now,
        made: 0,
        quoted: Vec::new(),
        granted: Vec::new(),
        signer,
        generation: rules.compiled.book.semantics,
        actions: rules.compiled.own.clone(),
    }
}

/// The keys that a command names itself, and those of whoever sends it.
pub fn first_keys(command: &Command, network: NetworkId, via: Via) -> Vec<Key> {
    let agent = [
        Key::Record(command.agent),
        Key::Linked(membership::link(command.agent)),
        Key::Linked(stops::link(network)),
    ];
    let delegation = via.delegation().map(Key::Record);
    command.acts.iter().flat_map(governance::first_keys).chain(agent).chain(delegation).collect()
}

fn refuse(
    halt: Halt,
    (act, signed_by): (usize, SignedBy),
    mut ruling: Json,
    view: &View,
) -> Result<Judgement, NoJudgement> {
    let refused = match halt {
        Halt::Missing(missing) => return Err(NoJudgement::Missing(missing)),
        Halt::NoAnswer(error) => return Err(NoJudgement::NoAnswer(error)),
        Halt::Broken(problem) => return Err(NoJudgement::Broken(problem)),
        Halt::Refused(refused) => refused,
    };
    if let Json::Object(map) = &mut ruling {
        map.insert("act".into(), json!(act));
    }
    Ok(Judgement {
        decision: Err(refused),
        made: Vec::new(),
        due: Vec::new(),
        settled: Vec::new(),
        signed_by,
        acts: vec![ruling],
        reads: view.reads(),
        plugin_us: 0,
    })
}

impl Case<'_> {
    /// One act, all the way: facts, policies, quote, books, duties.
    fn act(
        &mut self,
        view: &mut View,
        act: &AnyAct,
        principal: Principal,
        depth: usize,
        ruling: &mut Json,
    ) -> Result<(), Halt> {
        let clock = self.scene.via == Via::Clock;
        let founding = matches!(act, AnyAct::Governing(GoverningAct::Found { .. }));
        // What is the operator's alone happens whatever the rules say: the entry says that it happened.
        let operators = matches!(act, AnyAct::Governing(act) if act.is_operators());
        let of_recovery = gate::is_no_to_recovery(view, act)?;
        let mut name = act.name().to_owned();
        // Founding comes before any rule; what the clock carries out was permitted when it was written.
        let of_the_clock = clock && matches!(principal, Principal::Agent(_));
        if !operators && !of_the_clock {
            self.stopped.let_through()?;
        }
        gate::check_actions(act, &self.with)?;
        if !founding && !operators && !of_the_clock && !of_recovery {
            if let Some(ask) = Ask::to_report(view, self.scene, principal.clone(), act)? {
                self.ask(view, act, &ask, ruling)?;
            }
            let ask = Ask::about(view, self.scene, principal, act)?;
            self.ask(view, act, &ask, ruling)?;
            name = ask.action;
        }
        gate::check_clock(act, self.scene)?;
        let mut grants = Vec::new();
        match act {
            AnyAct::Economic(Act::Accept { .. }) => self.price(view, act, ruling)?,
            AnyAct::Economic(Act::Allocate { offers, needs }) => {
                grants = self.share_out(view, (offers, needs), ruling)?;
            }
            _ => {}
        }
        gate::check_generation(self.rules, act)?;
        gate::check_lifted(self.rules, act)?;
        gate::check_effects(view, self.rules, act, self.scene)?;
        let noted = self.noted("gate");
        let examined =
            gate::examined(view, self.rules, act, (self.agent, self.scene), noted.as_ref(), ruling)?;
        let examined = gate::with_trial(examined, act, self.noted("trial"), ruling);
        let stuck = gate::is_stuck(view, self.rules, act, self.scene)?;
        let at = (self.scene.now, self.given.seed);
        let counting = counting::of(self.rules, self.memo, view, (act, at, &self.stopped), ruling)?;
        let in_force = InForce { stuck, ..self.rules.in_force(examined.as_ref(), counting.as_ref()) };
        let timer = meter::start(Stage::Decide);
        let outcome = governance::decide(view, act, &mut self.with, &in_force)?;
        let outcome = gate::with_effects(view, act, outcome, &mut self.with, &in_force)?;
        drop(timer);
        let thing_said = self.take(view, outcome);
        self.grant(view, &grants, depth, ruling)?;
        self.follow(view, act, &name, thing_said, depth, ruling)
    }

    /// What the entry has noted about the act that is judged, under a name.
    fn noted(&self, name: &str) -> Option<Json> {
        let recorded = self.given.recorded?;
        // A refused command has the ruling of the act that was refused, and says which it was.
        let refused = recorded.iter().find(|ruling| ruling.get("act") == Some(&json!(self.nth)));
        refused.or(recorded.get(self.nth))?.get(name).cloned()
    }

    /// Facts first, then Cedar; where it refuses, an exception that somebody has may be what it takes.
    fn ask(&mut self, view: &mut View, act: &AnyAct, ask: &Ask, ruling: &mut Json) -> Result<(), Halt> {
        let timer = meter::start(Stage::Facts);
        let mut facts: Vec<(FactGroup, Vec<FactValue>)> = Vec::new();
        let mut refused = None;
        for found in self.rules.answering(Surface::Access, &ask.action) {
            let bound = self.stopped.let_answer(found)?;
            let told = self.facts(view, bound, act, ask, ruling)?;
            let refusal = told.refused.map(|because| because.refuses(ASK_A_STEWARD));
            match refusal {
                // Whoever refuses without facts leaves the policies nothing to be asked with.
                Some(refusal) if bound.plugin.is_older() => return Err(Halt::Refused(refusal)),
                refusal => refused = refused.or(refusal),
            }
            facts.extend(bound.binding.facts.clone().map(|group| (group, told.facts)));
        }
        drop(timer);
        let compiled = &self.rules.compiled;
        let timer = meter::start(Stage::Policy);
        let verdict = compiled.decide_without(view, self.scene, ask, &facts, &self.stopped.rules)?;
        drop(timer);
        if !verdict.erred.is_empty() {
            tracing::error!(policies = ?verdict.erred, "policies erred");
            put(ruling, "erred", json!(verdict.erred));
        }
        // What is reported is asked about twice.
        let before = ruling.get("policies").and_then(Json::as_array).cloned().unwrap_or_default();
        let settled = before.into_iter().chain(verdict.policies.iter().map(|policy| json!(policy)));
        let settled: Vec<Json> = settled.collect();
        put(ruling, "policies", json!(settled));
        // A plugin narrows what policies permit, and an exception is from a policy: it refuses after both.
        let narrowed = |refused: Option<Refused>| refused.map_or(Ok(()), |it| Err(Halt::Refused(it)));
        if verdict.verdict == Verdict::Permit {
            return narrowed(refused);
        }
        if let Some(Excepted { exception, policies }) =
            excepted::by(self.rules, &self.stopped, view, self.scene, (act, ask, &facts))?
        {
            put(ruling, "exception", json!([exception.id, exception.fields.text(Prop::Subject)]));
            put(ruling, "policies", json!(policies));
            let used = Outcome { records: vec![exceptions::used(&exception)], ..Outcome::default() };
            self.take(view, Outcome { settled: vec![exception.id], ..used });
            return narrowed(refused);
        }
        let reasons = explain(compiled, view, self.scene, (ask, &facts), &verdict)?;
        Err(Halt::Refused(self.by_policy(reasons, !verdict.policies.is_empty())))
    }

    fn by_policy(&self, reasons: Vec<Reason>, forbidden: bool) -> Refused {
        let says = |annotation: &str| {
            reasons
                .iter()
                .find_map(|reason| self.rules.compiled.says(&reason.policy, annotation))
                .map(str::to_owned)
        };
        let (code, sentence) = match forbidden {
            true => ("forbidden", "A rule of this network forbids this."),
            false => ("not-permitted", "No rule of this network permits this to you."),
        };
        Refused {
            by: "policy",
            code: code.to_owned(),
            sentence: says("why").unwrap_or_else(|| sentence.to_owned()),
            remedy: says("remedy").unwrap_or_else(|| "Ask a steward.".to_owned()),
            reasons,
        }
    }

    fn facts(
        &self,
        view: &View,
        bound: &Bound,
        act: &AnyAct,
        ask: &Ask,
        ruling: &mut Json,
    ) -> Result<Gathered, Halt> {
        let (input, item) = item::of(view, bound, act, (&ask.action, self.agent, self.scene.now))?;
        let told = self.memo.judge(bound, &input, item)?;
        self.plugin_us.update(|us| us + told.took_us);
        let gathered = gathered::facts(bound, &input, told.verdict)?;
        let note = match &gathered.refused {
            Some(because) if bound.plugin.is_older() => {
                call(bound, told.fuel, told.input, "refused", json!(because.reason))
            }
            Some(because) => {
                let mut note = call(bound, told.fuel, told.input, "values", json!(gathered.facts));
                put(&mut note, "refused", json!(because.reason));
                note
            }
            None => call(bound, told.fuel, told.input, "values", json!(gathered.facts)),
        };
        push(ruling, "facts", note);
        Ok(gathered)
    }

    /// Takes an outcome into the view and the case; answers with the event or promise that the act
    /// made or changed first, which duties are asked about.
    fn take(&mut self, view: &mut View, outcome: Outcome) -> Option<Record> {
        let is_cause = |record: &&Record| matches!(record.class, Class::EconomicEvent | Class::Commitment);
        let events = outcome.records.iter().filter(|record| record.class == Class::EconomicEvent);
        let cause = events.chain(outcome.records.iter().filter(is_cause)).next().cloned();
        for mut record in outcome.records {
            // What happened says how sure it is who said so.
            let signed = self.scene.signed_by != SignedBy::Node && record.version == 1;
            if signed && record.class == Class::EconomicEvent {
                let by = self.scene.signed_by.as_str().to_owned();
                record.fields.set(Prop::SignedBy, Value::Text(by));
            }
            view.put(record.clone());
            match self.made.iter_mut().find(|known| known.id == record.id) {
                Some(known) => *known = record,
                None => self.made.push(record),
            }
        }
        self.due.extend(outcome.deadlines);
        self.settled.extend(outcome.settled);
        cause
    }

    /// Duties: each a further act, with the plugin as principal, judged like any other.
    fn follow(
        &mut self,
        view: &mut View,
        act: &AnyAct,
        name: &str,
        cause: Option<Record>,
        depth: usize,
        ruling: &mut Json,
    ) -> Result<(), Halt> {
        // What is only told of had its consequences where it happened.
        if let AnyAct::Economic(Act::Report { .. } | Act::State { .. }) = act {
            return Ok(());
        }
        let rules = self.rules;
        let Some(cause) = cause else { return Ok(()) };
        for found in rules.answering(Surface::Duties, name) {
            let bound = self.stopped.let_answer(found)?;
            let agreement = match cause.fields.id(Prop::RealizationOf).or(cause.fields.id(Prop::ClauseOf)) {
                Some(agreement) => Some(agreement),
                None => agreement_of_promises(view, &cause.fields)?,
            };
            let anchors =
                Anchors { agreement, about: Some(cause.id), ..of_fields(&cause.fields, self.agent) };
            let input = input::build(view, bound, self.scene.now, &[anchors.into()])?;
            let item = match act {
                AnyAct::Economic(Act::FallDue { at, .. }) => {
                    types::Cause::FellDue(types::Fallen { promise: input.row(cause.id), at: at.0 })
                }
                _ if cause.class == Class::Commitment => types::Cause::Promised(input.row(cause.id)),
                _ => types::Cause::Happened(input.row(cause.id)),
            };
            let told = self.memo.oblige(bound, &input, item)?;
            self.plugin_us.update(|us| us + told.took_us);
            let follows = gathered::duties(bound, &input, told.verdict)?;
            let mut acts = Vec::new();
            for duty in follows {
                acts.push(self.duty(view, bound, act, duty, depth)?);
            }
            push(ruling, "duties", call(bound, told.fuel, told.input, "acts", json!(acts)));
        }
        Ok(())
    }

    fn duty(
        &mut self,
        view: &mut View,
        bound: &Bound,
        cause: &AnyAct,
        duty: Follow,
        depth: usize,
    ) -> Result<Json, Halt> {
        let broken = |detail: &str| Halt::from(bound.plugin.fail(FailureClass::WrongShape, detail));
        match duty {
            Follow::Again(again) => {
                let AnyAct::Economic(Act::FallDue { commitment, at }) = cause else {
                    return Err(broken("it asks again about something that has not fallen due"));
                };
                if again <= *at {
                    return Err(broken("it asks again at an instant that is past"));
                }
                self.due.push((again, *commitment));
                Ok(json!({"again": again.0}))
            }
            Follow::Commit(act) => {
                self.duties += 1;
                let Some(depth) = depth.checked_sub(1).filter(|_| self.duties <= DUTIES_MAX) else {
                    return Err(broken("duties follow from duties without end"));
                };
                self.by_plugin(view, bound, &act, depth)
            }
        }
    }

    /// An act of a plugin, judged like any other.
    fn by_plugin(
        &mut self,
        view: &mut View,
        bound: &Bound,
        act: &AnyAct,
        depth: usize,
    ) -> Result<Json, Halt> {
        let mut ruling = json!({"asked": act.to_json(valueflows::Part::Books)});
        let scene = std::mem::replace(&mut self.scene.via, Via::Plugin);
        let principal = Principal::Plugin(bound.binding.plugin.clone());
        let outcome = self.act(view, act, principal, depth, &mut ruling);
        self.scene.via = scene;
        outcome.map(|()| ruling)
    }
}
