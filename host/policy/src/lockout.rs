//! Whether anybody but whoever wrote a change could change the rules again after it.
//!
//! Each combination of roles and trainings that somebody has is asked once; what a plugin would say does not
//! matter, since no act of governing asks one.

use std::collections::BTreeMap;

use governance::{Decisions, Risk};
use ledger::View;
use valueflows::{Class, Fields, Id, Instant, Prop, Record, Said, Value, said};

use crate::agents;
use crate::compile::CompiledBook;
use crate::error::BookError;
use crate::examine::Standpoint;
use crate::gate::Verdict;
use crate::mapping::Ask;
use crate::scene::{Scene, Via};

/// What somebody could do about rules.
#[derive(Debug, Clone, Copy, Default)]
struct Could {
    draft: bool,
    sponsor: bool,
    freeze: bool,
    vote: bool,
}

/// What nobody could do any more, a sentence each.
pub(crate) fn problems(
    candidate: &CompiledBook,
    decisions: &Decisions,
    from: &Standpoint<'_>,
) -> Result<Vec<Said>, BookError> {
    let open = |member: &&std::sync::Arc<Record>| member.is_open();
    let others = |member: &&std::sync::Arc<Record>| member.fields.id(Prop::Member) != Some(from.author);
    let mut members: Vec<&Record> =
        from.members.iter().filter(open).filter(others).map(|member| &**member).collect();
    if members.is_empty() {
        // Somebody alone cannot lock anybody out but themselves.
        members = from.members.iter().filter(open).map(|member| &**member).collect();
    }
    let mut kinds: BTreeMap<(Vec<String>, Vec<String>), (Could, u64)> = BTreeMap::new();
    for member in members {
        // A suspension ends by itself.
        let key = (member.fields.texts(Prop::Roles).to_vec(), member.fields.texts(Prop::Training).to_vec());
        match kinds.get_mut(&key) {
            Some((_, heads)) => *heads += 1,
            None => drop(kinds.insert(key, (could(candidate, member, from.scene)?, 1))),
        }
    }
    let mut found = Vec::new();
    let count = |test: &dyn Fn(&Could, &[String]) -> bool| -> u64 {
        kinds.iter().filter(|((roles, _), (could, _))| test(could, roles)).map(|(_, (_, heads))| heads).sum()
    };
    if count(&|could, _| could.draft && could.freeze) == 0 {
        found.push(said!(
            "locked-out",
            "nobody but whoever wrote this could bring a change of the rules to a vote any more"
        ));
    }
    for risk in Risk::ALL {
        let way = decisions.of(risk);
        let what = risk.as_str();
        // Whoever wrote this could be one of those who want the next one discussed; nobody is that for their own.
        let own = u64::from(from.members.iter().all(|member| others(&member)));
        if count(&|could, _| could.sponsor) < u64::from(way.sponsors) + own {
            let few =
                said!("few-sponsors", "takes {} who want it discussed, and fewer could say so", way.sponsors);
            found.push(few.about(risk.code(), |says| format!("a change of {what} {says}")));
        }
        // Everybody will have belonged for long enough some day.
        let belongs = |roles: &[String]| roles.iter().any(|role| way.voters.contains(role));
        let electorate = count(&|_, roles| belongs(roles));
        let voters = count(&|could, roles| could.vote && belongs(roles));
        let takes = way.quorum(electorate).max(1);
        if voters < takes {
            let few = said!(
                "few-voters",
                "{} besides whoever wrote this could vote, and it takes {}",
                voters,
                takes
            );
            let says =
                format!("{voters} besides whoever wrote this could vote on {what}, and it takes {takes}");
            found.push(few.about(risk.code(), |_| says));
        }
    }
    Ok(found)
}

fn could(candidate: &CompiledBook, member: &Record, scene: Scene) -> Result<Could, BookError> {
    let me = Id([0xfe; 16]);
    let scene = Scene { via: Via::Session, ..scene };
    let mut lasting = member.clone();
    lasting.fields.remove(Prop::Suspended);
    let may = |action: &str, amendment: Option<Record>| -> Result<bool, BookError> {
        let ask = Ask::made_up((me, agents::made_up(me, &lasting)?), scene, action, amendment);
        Ok(candidate.decide(&View::default(), scene, &ask, &[])?.verdict == Verdict::Permit)
    };
    let own = |status| Some(amendment(me, status, scene.now));
    let anothers = |status| Some(amendment(Id([0xfd; 16]), status, scene.now));
    Ok(Could {
        draft: may("draftAmendment", None)?,
        sponsor: may("sponsorAmendment", anothers("draft"))?,
        freeze: may("freezeAmendment", own("sponsored"))?,
        vote: may("castBallot", anothers("voting"))?,
    })
}

/// A change of the highest kind that somebody might have written down.
fn amendment(author: Id, status: &str, now: Instant) -> Record {
    let text = |text: &str| Value::Text(text.to_owned());
    let fields = Fields::new()
        .with(Prop::Name, text("a change"))
        .with(Prop::Author, Value::Ref(author))
        .with(Prop::Status, text(status))
        .with(Prop::Risk, text(Risk::Constitution.code()))
        .with(Prop::Base, text(""))
        .with(Prop::Created, Value::Instant(now))
        .with(Prop::HasBeginning, Value::Instant(now));
    Record::new(Id([0xfc; 16]), Class::Amendment, fields)
}
