//! Acts and events as sentences.

mod settling;

use pipeline::acts::{Act, AmendAct, AnyAct, GoverningAct, MemberAct, Status, StopAct, Stopped};
use pipeline::{Reader, Rejection};
use valueflows::{Action, Fields, Id, Prop, Record};

async fn name(reader: &mut Reader, id: Option<Id>) -> Result<String, Rejection> {
    match id {
        Some(id) => reader.title(id).await,
        None => Ok("somebody".to_owned()),
    }
}

/// What an event says: `Ines took it from Library`.
pub async fn event(reader: &mut Reader, event: &Record) -> Result<String, Rejection> {
    sentence(reader, &event.fields).await
}

async fn sentence(reader: &mut Reader, fields: &Fields) -> Result<String, Rejection> {
    let from = name(reader, fields.id(Prop::Provider)).await?;
    let to = name(reader, fields.id(Prop::Receiver)).await?;
    let thing = match fields.id(Prop::ResourceInventoriedAs).or(fields.id(Prop::ToResourceInventoriedAs)) {
        Some(id) => reader.title(id).await?,
        None => "it".to_owned(),
    };
    let amount = match fields.quantity(Prop::ResourceQuantity).or(fields.quantity(Prop::EffortQuantity)) {
        Some(quantity) => crate::show::amount(reader, quantity).await?,
        None => String::new(),
    };
    Ok(match fields.action() {
        Some(Action::TransferCustody) => format!("{from} handed {thing} to {to}"),
        Some(Action::Transfer) if thing == "it" => format!("{from} paid {to} {amount}"),
        Some(Action::Transfer | Action::TransferAllRights) => format!("{from} gave {thing} to {to} for good"),
        Some(Action::Raise | Action::Produce) => format!("{to} wrote down {thing}"),
        Some(Action::Lower | Action::Consume) => format!("{from} wrote off {thing}"),
        Some(Action::Use) => format!("{from} used {thing} {amount}"),
        Some(Action::Work) => format!("{from} worked {amount}"),
        Some(Action::Move) => format!("{from} moved {thing}"),
        Some(action) => format!("{from} recorded {} of {thing} {amount}", action.as_str()),
        None => "something was recorded".to_owned(),
    })
}

/// What an act asks for: `borrow Hammer drill`.
pub async fn act(reader: &mut Reader, act: &AnyAct) -> Result<String, Rejection> {
    Ok(match act {
        AnyAct::Economic(act) => economic(reader, act).await?,
        AnyAct::Governing(GoverningAct::Found { name, .. }) => format!("{name} was founded"),
        AnyAct::Governing(GoverningAct::FoundNetwork { name, .. }) => {
            format!("the network {name} was founded")
        }
        AnyAct::Governing(GoverningAct::AdoptNetwork { name, .. }) => {
            format!("the network {name} came here from another node")
        }
        AnyAct::Governing(GoverningAct::MoveNetwork { .. }) => "the network moved to another node".to_owned(),
        AnyAct::Governing(GoverningAct::Shelve { plugin, .. }) => format!("{plugin} was laid on the shelf"),
        AnyAct::Governing(GoverningAct::Admit { name, .. }) => format!("{name} was admitted"),
        AnyAct::Governing(GoverningAct::AdmitAgent { agent, .. }) => {
            format!("{} was admitted", reader.title(*agent).await?)
        }
        AnyAct::Governing(GoverningAct::Train { member, training }) => {
            format!("{} was trained for {training}", reader.title(*member).await?)
        }
        AnyAct::Governing(GoverningAct::Delegate { delegator, delegate, until, .. }) => {
            let (from, to) = (reader.title(*delegator).await?, reader.title(*delegate).await?);
            format!("{from} lets {to} act in their name until {}", crate::show::day(*until))
        }
        AnyAct::Governing(GoverningAct::Revoke { .. }) => "a permission to act for another ended".to_owned(),
        AnyAct::Governing(GoverningAct::Member(act)) => membership(reader, act).await?,
        AnyAct::Governing(GoverningAct::Join(act)) => settling::joining(reader, act).await?,
        AnyAct::Governing(GoverningAct::Stop(act)) => stop(act),
        AnyAct::Governing(GoverningAct::Except(act)) => settling::exception(reader, act).await?,
        AnyAct::Governing(GoverningAct::Case(act)) => settling::case(act),
        AnyAct::Governing(GoverningAct::Erase(act)) => settling::erasure(act),
        AnyAct::Governing(GoverningAct::Amend(act)) => amendment(reader, act).await?,
        AnyAct::Governing(GoverningAct::AdvanceClock { by_us }) => {
            format!("the calendar was moved by {} days", by_us / valueflows::Instant::DAY_US)
        }
    })
}

async fn economic(reader: &mut Reader, act: &Act) -> Result<String, Rejection> {
    Ok(match act {
        Act::Accept { intent, receiver, until, .. } => {
            let thing = match reader.get(*intent).await? {
                Some(intent) => name(reader, intent.fields.id(Prop::ResourceInventoriedAs)).await?,
                None => "something".to_owned(),
            };
            let who = reader.title(*receiver).await?;
            format!("{who} asked to borrow {thing} until {}", crate::show::day(*until))
        }
        Act::Record { event, resource } => match resource {
            Some(resource) => {
                let what = resource.text(Prop::Name).unwrap_or("a thing").to_owned();
                format!("{what} was written down")
            }
            None => sentence(reader, event).await?,
        },
        Act::Publish { .. } => "an offer or a need was put on the board".to_owned(),
        Act::Withdraw { .. } => "a loan was called off".to_owned(),
        Act::Waive { reason, .. } => format!("a payment was waived: {reason}"),
        Act::Revise { record, .. } => {
            let what = name(reader, Some(*record)).await?;
            format!("how {what} is described was changed")
        }
        Act::FallDue { .. } => "something fell due".to_owned(),
        Act::Commit { .. } => "a promise was made".to_owned(),
        Act::State { resource, .. } => {
            format!("{} was counted, as told from elsewhere", name(reader, Some(*resource)).await?)
        }
        Act::Report { fields, .. } if fields.action().is_some() => {
            format!("{} (told from elsewhere)", sentence(reader, fields).await?)
        }
        Act::Report { fields, .. } => {
            let known = fields.text(Prop::Name).or(fields.text(Prop::Label)).or(fields.text(Prop::SameAs));
            format!("{} was written down, as told from elsewhere", known.unwrap_or("something"))
        }
        Act::Define { fields, .. } => {
            let what = fields.text(Prop::Name).or(fields.text(Prop::Label)).unwrap_or("something").to_owned();
            format!("{what} was written down")
        }
    })
}

fn stop(act: &StopAct) -> String {
    match act {
        StopAct::Pause { what: Stopped::Network, until, reason } => {
            format!("whoever runs the node paused everything until {}: {reason}", crate::show::day(*until))
        }
        StopAct::Pause { what: Stopped::Plugin(name) | Stopped::Rule(name), until, reason } => {
            format!("whoever runs the node paused \"{name}\" until {}: {reason}", crate::show::day(*until))
        }
        StopAct::Resume { .. } => "a pause ended before its time".to_owned(),
        StopAct::SuspendRule { policy, until, reason } => {
            format!("the rule \"{policy}\" is suspended until {}: {reason}", crate::show::day(*until))
        }
        StopAct::RestoreRule { .. } => "a suspended rule is in force again".to_owned(),
    }
}

async fn membership(reader: &mut Reader, act: &MemberAct) -> Result<String, Rejection> {
    let who = reader.title(act.member()).await?;
    Ok(match act {
        MemberAct::GrantRole { role, until: None, .. } => format!("{who} has the role {role} now"),
        MemberAct::GrantRole { role, until: Some(until), .. } => {
            format!("{who} has the role {role} until {}", crate::show::day(*until))
        }
        MemberAct::EndRole { role, .. } => format!("{who} does not have the role {role} any more"),
        MemberAct::Suspend { until, .. } => format!("{who} is suspended until {}", crate::show::day(*until)),
        MemberAct::Reinstate { .. } => format!("{who} is not suspended any more"),
        MemberAct::End { .. } => format!("the membership of {who} ended"),
        MemberAct::Leave { .. } => format!("{who} left"),
    })
}

async fn amendment(reader: &mut Reader, act: &AmendAct) -> Result<String, Rejection> {
    let what = match act.amendment() {
        Some(id) => format!("the rule change \"{}\"", reader.title(id).await?),
        None => String::new(),
    };
    Ok(match act {
        AmendAct::Draft { title, .. } => format!("the rule change \"{title}\" was written down"),
        AmendAct::Redraft { .. } => format!("{what} was written anew"),
        AmendAct::Sponsor { .. } => format!("somebody else wants {what} discussed"),
        AmendAct::Freeze { .. } => format!("the vote on {what} began"),
        AmendAct::Cast { .. } => format!("somebody voted on {what}"),
        AmendAct::Enter { .. } => format!("a vote on {what} was entered from paper"),
        AmendAct::Veto { reason, .. } => format!("{what} is held up: {reason}"),
        AmendAct::Override { .. } => format!("a vote began on whether {what} is held up any longer"),
        AmendAct::Withdraw { .. } => format!("{what} was taken back"),
        AmendAct::Renew { .. } => format!("{what} was looked at again, and stays"),
        AmendAct::Recover { reason, .. } => {
            format!("whoever runs the node brought other rules, to which any member can say no: {reason}")
        }
        AmendAct::AppointProxy { delegate, .. } => {
            format!("a vote of {} may count for somebody else too", reader.title(*delegate).await?)
        }
        AmendAct::EndProxy { .. } => "a vote counts for somebody else no more".to_owned(),
        AmendAct::Lapse { record, .. } => match reader.get(*record).await? {
            Some(record) => match Status::of(&record) {
                Some(status) => {
                    format!("the time came for the rule change \"{}\": {}", record.title(), status.words())
                }
                None => "the time of a role or a suspension was over".to_owned(),
            },
            None => "a time was over".to_owned(),
        },
    })
}

/// What a record that an act made means for people.
pub async fn follows(reader: &mut Reader, record: &Record) -> Result<Option<String>, Rejection> {
    let fields = &record.fields;
    let classes = fields.texts(Prop::ResourceClassifiedAs);
    let is = |class: &str| classes.iter().any(|own| own == class);
    if record.class != valueflows::Class::Commitment {
        return Ok(None);
    }
    let amount = match fields.quantity(Prop::ResourceQuantity) {
        Some(quantity) => crate::show::amount(reader, quantity).await?,
        None => String::new(),
    };
    let (from, to) =
        (name(reader, fields.id(Prop::Provider)).await?, name(reader, fields.id(Prop::Receiver)).await?);
    let settled = if record.is_open() { "" } else { " Settled." };
    Ok(match () {
        () if is("loan") && record.is_open() => Some(format!("{from} will hand it to {to}.")),
        () if is("return") && record.is_open() => {
            let due = fields.instant(Prop::Due).map(crate::show::day).unwrap_or_default();
            Some(format!("{from} brings it back by {due}."))
        }
        () if is("deposit") && record.is_open() => Some(format!("{from} leaves {amount} as a deposit.")),
        () if is("late-fee") || is("fee") => Some(format!("{from} owes {to} {amount}.{settled}")),
        () => None,
    })
}
