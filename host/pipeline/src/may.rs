//! "What may I do with this?" and "which rules apply to me?": answered by the rules themselves. Every act that
//! makes sense of a record is judged as if it were sent now, and nothing is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use governance::cases::Settled;
use governance::tally::Ballot;
use governance::{AmendAct, AnyAct, CaseAct, Command, ExceptionAct, GoverningAct, JoinAct, MemberAct};
use ledger::{Act, Link};
use serde::Serialize;
use valueflows::{Action, Class, Fields, Instant, Prop, Record, Value};

use crate::decision::Refused;
use crate::error::Rejection;
use crate::loans;
use crate::reader::Reader;

/// For how many days borrowing is asked about.
const DAYS: i64 = 7;

/// Something that somebody might do.
#[derive(Debug, Clone)]
pub struct Might {
    /// What, in words: `borrow it for a week`.
    pub what: String,
    /// Why not; none if nothing is in the way.
    pub refused: Option<Refused>,
}

/// A rule in force.
#[derive(Debug, Clone, Serialize)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// Its title, or else its id.
    pub title: String,
    /// `permit` or `forbid`.
    pub effect: &'static str,
    /// Whether it stands in the protected layer.
    pub protected: bool,
    /// The acts that it has a say in.
    pub acts: BTreeSet<String>,
    /// Whether it has a say in what the reader does: as far as roles go.
    pub mine: bool,
}

impl Reader {
    /// What the reader may do with a record, and why not what they may not.
    pub async fn might(&mut self, record: &Arc<Record>) -> Result<Vec<Might>, Rejection> {
        let mut found = Vec::new();
        for (what, acts) in self.attempts(record).await? {
            let id = crate::node::command_id()?;
            let refused = self.would(&Command::new(id, self.agent, acts)).await?.err();
            // What is refused by a price that was not shown is permitted as far as rules go.
            let refused = refused.filter(|refused| refused.code != "quote-missing");
            found.push(Might { what, refused });
        }
        Ok(found)
    }

    /// What there is to try, by the class of the record.
    async fn attempts(&mut self, record: &Arc<Record>) -> Result<Vec<(String, Vec<AnyAct>)>, Rejection> {
        let me = self.agent;
        let governing = |what: &str, act| (what.to_owned(), vec![AnyAct::Governing(act)]);
        let amend = |what: &str, act| governing(what, GoverningAct::Amend(act));
        let (id, x) = (record.id, || "x".to_owned());
        Ok(match record.class {
            Class::EconomicResource => self.with_thing(record).await?,
            Class::Commitment => {
                let waive = Act::Waive { commitment: id, reason: x() };
                vec![("let it go".to_owned(), vec![AnyAct::Economic(waive)])]
            }
            Class::Amendment => vec![
                amend("want it discussed", AmendAct::Sponsor { amendment: id }),
                amend("begin the vote", AmendAct::Freeze { amendment: id }),
                amend("vote", AmendAct::Cast { amendment: id, choice: Ballot::Yes, note: String::new() }),
                amend("hold it up", AmendAct::Veto { amendment: id, reason: x() }),
                amend("ask whether it is held up any longer", AmendAct::Override { amendment: id }),
                amend("take it back", AmendAct::Withdraw { amendment: id }),
                amend("renew it", AmendAct::Renew { amendment: id }),
            ],
            Class::Person | Class::Agent => {
                let until = self.time().plus_us(Instant::DAY_US);
                let member = |act| GoverningAct::Member(act);
                let mut list = vec![
                    governing(
                        "suspend them for a day",
                        member(MemberAct::Suspend { member: id, until, reason: x() }),
                    ),
                    governing(
                        "say that it is them who asks to be let in again",
                        member(MemberAct::Restore { member: id }),
                    ),
                    governing("end their membership", member(MemberAct::End { member: id, reason: x() })),
                ];
                if id == me {
                    list = vec![governing("leave", member(MemberAct::Leave { member: id }))];
                }
                list
            }
            Class::Application => {
                let join = |what: &str, act| governing(what, GoverningAct::Join(act));
                vec![
                    join("vouch for them", JoinAct::Vouch { application: id, certificate: None }),
                    join("let them in", JoinAct::Accept { application: id }),
                    join("turn them down", JoinAct::Decline { application: id, reason: x() }),
                    join("take it back", JoinAct::TakeBack { application: id }),
                ]
            }
            Class::Case => {
                let case = |what: &str, act| governing(what, GoverningAct::Case(act));
                vec![
                    case("say something", CaseAct::Say { case: id, statement: x() }),
                    case("close it", CaseAct::Close { case: id, how: Settled::Upheld, statement: x() }),
                    case("take it back", CaseAct::Withdraw { case: id }),
                ]
            }
            Class::Exception => vec![governing(
                "take it back",
                GoverningAct::Except(ExceptionAct::Withdraw { exception: id }),
            )],
            _ => vec![self.mend(record)],
        })
    }

    fn mend(&self, record: &Record) -> (String, Vec<AnyAct>) {
        let name = Value::Text(record.title());
        let fields = Fields::new().with(Prop::Name, name);
        let act = Act::Revise {
            class: record.class,
            record: record.id,
            version: record.version,
            fields,
            clear: Vec::new(),
        };
        ("change how it is described".to_owned(), vec![AnyAct::Economic(act)])
    }

    async fn with_thing(&mut self, thing: &Arc<Record>) -> Result<Vec<(String, Vec<AnyAct>)>, Rejection> {
        let (id, me) = (thing.id, self.agent);
        let pointing = |class| Link { class, prop: Prop::ResourceInventoriedAs, target: id, open: true };
        let mut list = Vec::new();
        let offers = self.linked(pointing(Class::Intent)).await?;
        if let Some(offer) = offers.iter().find(|offer| offer.fields.id(Prop::Provider).is_some()) {
            let until = self.time().plus_us(DAYS * Instant::DAY_US);
            let act = Act::Accept { intent: offer.id, receiver: me, until, quote: None };
            list.push(("borrow it for a week".to_owned(), vec![AnyAct::Economic(act)]));
        }
        let quantity = thing.fields.quantity(Prop::OnhandQuantity);
        let owner = thing.fields.id(Prop::PrimaryAccountable).unwrap_or(me);
        let mut event = |what: &str, action, from, to, amount: Option<Value>| {
            let Some(amount) = amount else { return };
            let mut event = loans::event(action, from, to, amount);
            event.set(Prop::ResourceInventoriedAs, Value::Ref(id));
            let act = Act::Record { event, resource: None };
            list.push((what.to_owned(), vec![AnyAct::Economic(act)]));
        };
        let whole = match quantity {
            Some(quantity) => {
                let scale = self.decimals(quantity.unit).await?;
                let value = quantity.decimal(scale);
                Some(Value::Measure(valueflows::Measure { value, unit: quantity.unit }))
            }
            None => None,
        };
        event("write down that it changed hands", Action::TransferCustody, owner, me, whole.clone());
        event("write it off", Action::Lower, owner, owner, whole.clone());
        event("give it away for good", Action::TransferAllRights, owner, me, whole.clone());
        if let Some(amount) = whole {
            let intent = Fields::new()
                .with(Prop::Action, Value::Action(Action::TransferCustody))
                .with(Prop::Provider, Value::Ref(me))
                .with(Prop::ResourceInventoriedAs, Value::Ref(id))
                .with(Prop::ResourceQuantity, amount);
            let proposal = Fields::new().with(Prop::Purpose, Value::Text("offer".to_owned()));
            let act = Act::Publish { proposal, intents: vec![intent] };
            list.push(("offer it in your own name".to_owned(), vec![AnyAct::Economic(act)]));
        }
        list.push(self.mend(thing));
        Ok(list)
    }

    /// The rules in force: those with a say in an act, if one is named.
    pub async fn standing_rules(&mut self, act: Option<&str>) -> Result<Vec<Standing>, Rejection> {
        let roles = self.membership().await?;
        let roles = roles.map(|own| governance::membership::roles(&own)).unwrap_or_default();
        let compiled = &self.rules.compiled;
        let mut list = Vec::new();
        for policy in &compiled.book.policies {
            let acts = compiled.acts_of(&policy.id);
            if act.is_some_and(|act| !acts.contains(act)) {
                continue;
            }
            let title = compiled.says(&policy.id, "title").unwrap_or(&policy.id).to_owned();
            let (effect, mine) = compiled.reaches(&policy.id, self.agent, &roles);
            let id = policy.id.clone();
            list.push(Standing { id, title, effect, protected: policy.protected, acts, mine });
        }
        Ok(list)
    }
}
