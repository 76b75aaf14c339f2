//! Acts and events as sentences.

mod differences;
mod governing;
mod house;
mod instead;
mod said;
mod settling;

pub use differences::difference;
pub use governing::out_of_use;
pub use house::{case_rules, decision, joining_rules, status, tally};
pub use instead::instead;
pub use said::{problems, said, told};

use pipeline::acts::{Act, AnyAct};
use pipeline::{Reader, Refused, Rejection};
use valueflows::{Action, Fields, Id, Prop, Record, Value};

use crate::locale::Locale;
use crate::show;

async fn name(reader: &mut Reader, l: &Locale, id: Option<Id>) -> Result<String, Rejection> {
    match id {
        Some(id) => reader.title(id).await,
        None => Ok(l.t("somebody")),
    }
}

/// What an event says: `Ines handed it to Amara`.
pub async fn event(reader: &mut Reader, l: &Locale, event: &Record) -> Result<String, Rejection> {
    let said = sentence(reader, l, &event.fields).await?;
    Ok(match event.fields.text(Prop::SignedBy) {
        Some(by) => l.put("said", said).put("by", by).t("event-signed"),
        None => said,
    })
}

async fn sentence(reader: &mut Reader, l: &Locale, fields: &Fields) -> Result<String, Rejection> {
    let from = name(reader, l, fields.id(Prop::Provider)).await?;
    let to = name(reader, l, fields.id(Prop::Receiver)).await?;
    let thing = fields.id(Prop::ResourceInventoriedAs).or(fields.id(Prop::ToResourceInventoriedAs));
    let called = match thing {
        Some(id) => reader.title(id).await?,
        None => l.t("it"),
    };
    let amount = match fields.get(Prop::ResourceQuantity).or(fields.get(Prop::EffortQuantity)) {
        Some(Value::Quantity(quantity)) => show::amount(reader, l, *quantity).await?,
        // As somebody wrote it, before the books took it.
        Some(Value::Measure(measure)) => {
            let sign = show::sign(reader, measure.unit).await?;
            format!("{}\u{a0}{sign}", l.decimal(&measure.value.to_string())).trim_end().to_owned()
        }
        _ => String::new(),
    };
    let action = fields.action();
    let key = match &action {
        Some(Action::Transfer) if thing.is_none() => "pay",
        Some(Action::Own(_)) => "own",
        Some(action) => action.as_str(),
        None => "none",
    };
    let deed = action.filter(|action| action.is_own()).map(|own| spaced(own.as_str())).unwrap_or_default();
    let said = l.put("action", key).put("deed", deed).put("from", from).put("to", to).put("thing", called);
    let said = said.put("amount", amount).t("event");
    Ok(match fields.get(Prop::Corrects) {
        Some(_) => l.put("said", said).t("event-corrected"),
        None => said,
    })
}

/// What somebody did, by the name of an action: "worked".
pub fn deed(l: &Locale, action: &str) -> String {
    match Action::parse(action) {
        Ok(Action::Own(own)) => spaced(own.as_str()),
        _ => l.put("action", action).t("deed"),
    }
}

/// The name of an action that the network's rules define, in words: `gleanLate` is "glean late".
fn spaced(label: &str) -> String {
    let mut words = String::with_capacity(label.len() + 4);
    for letter in label.chars() {
        if letter.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

/// What an act asks for: `Amara asked to borrow the hammer drill`.
pub async fn act(reader: &mut Reader, l: &Locale, act: &AnyAct) -> Result<String, Rejection> {
    match act {
        AnyAct::Economic(act) => economic(reader, l, act).await,
        AnyAct::Governing(act) => governing::act(reader, l, act).await,
    }
}

async fn economic(reader: &mut Reader, l: &Locale, act: &Act) -> Result<String, Rejection> {
    let known = |fields: &Fields| {
        let known = fields.text(Prop::Name).or(fields.text(Prop::Label)).or(fields.text(Prop::SameAs));
        known.map_or_else(|| l.t("something"), str::to_owned)
    };
    Ok(match act {
        Act::Accept { intent, receiver, until, .. } => {
            let thing = match reader.get(*intent).await? {
                Some(intent) => name(reader, l, intent.fields.id(Prop::ResourceInventoriedAs)).await?,
                None => l.t("something"),
            };
            let who = reader.title(*receiver).await?;
            l.put("who", who).put("thing", thing).put("until", l.day(*until)).t("act-accept")
        }
        Act::Record { resource: Some(resource), .. } => l.put("what", known(resource)).t("act-written-down"),
        Act::Record { event, resource: None } => sentence(reader, l, event).await?,
        Act::Publish { proposal, .. } => {
            let kind = proposal.text(Prop::Purpose).unwrap_or("offer");
            let what = proposal.text(Prop::Name).unwrap_or_default();
            l.put("kind", kind).put("what", what).t("act-publish")
        }
        Act::Withdraw { .. } => l.t("act-withdraw"),
        Act::Allocate { .. } => l.t("act-allocate"),
        Act::Waive { reason, .. } => l.put("reason", reason).t("act-waive"),
        Act::Revise { record, .. } => {
            let what = name(reader, l, Some(*record)).await?;
            l.put("what", what).t("act-revise")
        }
        Act::FallDue { commitment, .. } => {
            let promise = reader.get(*commitment).await?;
            match promise.and_then(|promise| promise.fields.id(Prop::ResourceInventoriedAs)) {
                Some(thing) => l.put("thing", reader.title(thing).await?).t("act-fall-due-thing"),
                None => l.t("act-fall-due"),
            }
        }
        Act::Commit { .. } => l.t("act-commit"),
        Act::Claim { fields } => {
            let from = name(reader, l, fields.id(Prop::Provider)).await?;
            let to = name(reader, l, fields.id(Prop::Receiver)).await?;
            l.put("from", from).put("to", to).t("act-claim")
        }
        Act::State { resource, .. } => {
            let what = name(reader, l, Some(*resource)).await?;
            l.put("what", what).t("act-state")
        }
        Act::Report { fields, .. } if fields.action().is_some() => {
            let said = sentence(reader, l, fields).await?;
            l.put("said", said).t("act-reported")
        }
        Act::Report { fields, .. } => l.put("what", known(fields)).t("act-written-down-reported"),
        Act::Define { fields, .. } => l.put("what", known(fields)).t("act-written-down"),
    })
}

/// What a record that an act made means for people.
pub async fn follows(reader: &mut Reader, l: &Locale, record: &Record) -> Result<Option<String>, Rejection> {
    let fields = &record.fields;
    if record.class != valueflows::Class::Commitment {
        return Ok(None);
    }
    let classes = fields.texts(Prop::ResourceClassifiedAs);
    let known = ["loan", "return", "deposit", "late-fee", "fee"];
    let Some(kind) = known.into_iter().find(|kind| classes.iter().any(|own| own == kind)) else {
        return Ok(None);
    };
    let owed = kind.ends_with("fee");
    if !record.is_open() && !owed {
        return Ok(None);
    }
    let amount = match fields.quantity(Prop::ResourceQuantity) {
        Some(quantity) => show::amount(reader, l, quantity).await?,
        None => String::new(),
    };
    let from = name(reader, l, fields.id(Prop::Provider)).await?;
    let to = name(reader, l, fields.id(Prop::Receiver)).await?;
    let due = fields.instant(Prop::Due).map(|at| l.day(at)).unwrap_or_default();
    let said = l.put("kind", if owed { "fee" } else { kind }).put("from", from).put("to", to);
    let said = said.put("amount", amount).put("due", due);
    Ok(Some(said.put("settled", u64::from(!record.is_open())).t("follows")))
}

/// A refusal in a reader's language: the sentence and what to do. In books it stands in English; the rules' own
/// translations, and the catalogue's for what the books themselves refuse, come before that.
pub fn refused(reader: &Reader, l: &Locale, refused: &Refused) -> (String, String) {
    let as_it_stands = (capital(&refused.sentence), refused.remedy.clone());
    if l.tag() == "en" {
        return as_it_stands;
    }
    let said = |policy: &str, what: &str| {
        let own = format!("{what}_{}", l.tag());
        reader.rules().compiled.says(policy, &own).map(str::to_owned)
    };
    match refused.by {
        "policy" => {
            let forbids = refused.reasons.iter().find(|reason| reason.effect == "forbid");
            match forbids.map(|reason| (said(&reason.policy, "why"), said(&reason.policy, "remedy"))) {
                Some((Some(why), Some(remedy))) => (why, remedy),
                Some(_) => as_it_stands,
                None => (l.t("refused-not-permitted"), l.t("refused-not-permitted-remedy")),
            }
        }
        "ledger" | "quote" => by_books(l, &refused.code, as_it_stands),
        "plugin" => {
            let own = own_reason(reader, l, (&refused.code, &refused.sentence));
            let failed = refused.code.starts_with("plugin-") && own.is_none();
            let code = if failed { "plugin-failed" } else { "plugin-refused" };
            by_books(l, code, (own.unwrap_or(as_it_stands.0), as_it_stands.1))
        }
        _ => as_it_stands,
    }
}

/// A calculation's reason in the reader's language, where one of those in force has it.
fn own_reason(reader: &Reader, l: &Locale, (code, sentence): (&str, &str)) -> Option<String> {
    let bound = reader.rules().bound.iter();
    bound.map(|bound| &bound.plugin.manifest).find_map(|said| said.reason_in(l.tag(), code, sentence))
}

/// The same; as it stands in the books where none has it.
pub fn reason(reader: &Reader, l: &Locale, (code, sentence): (&str, &str)) -> String {
    own_reason(reader, l, (code, sentence)).unwrap_or_else(|| sentence.to_owned())
}

/// What the program itself says, by a code; what has none stays as it stands.
fn by_books(l: &Locale, code: &str, (sentence, remedy): (String, String)) -> (String, String) {
    let say = |part: &str, or: &str| {
        l.put("code", code).put("part", part).put("sentence", or).t("refused-by-books")
    };
    (say("sentence", &sentence), say("remedy", &remedy))
}

/// With a capital at its beginning and a stop at its end.
pub fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let rest: String = letters.collect();
    let stop = if sentence.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{first}{rest}{stop}")
}
