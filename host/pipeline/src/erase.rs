//! Erasing somebody, or a record: what there is to erase is found in the journal and in the tables, an act that names
//! it goes down the lane like every other, and then the database is written anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use governance::limits::{ERASED_ENTRIES_MAX, ERASED_RECORDS_MAX};
use governance::{AnyAct, Command, EraseAct, GoverningAct, cases, erasure};
use policy::Via;
use serde_json::{Value as Json, json};
use store::Head;
use valueflows::{Class, Id, Part, Prop, Record, Value};

use crate::decision::Receipt;
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{ERASE_KEPT_BYTES_MAX, ERASE_STEPS_MAX};
use crate::node::{Node, command_id};

/// Who erases.
#[derive(Debug, Clone, Copy)]
pub enum Eraser {
    /// Somebody whom the rules are asked about.
    Agent(Id, Via),
    /// The operator, since it is unlawful to keep: nobody is asked, and the entry says so.
    Operator,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Erased {
    /// Entries that lost their personal part.
    pub entries: usize,
    /// Records that lost everything personal.
    pub records: usize,
    /// The receipts, one a step.
    pub receipts: Vec<Receipt>,
}

impl Node {
    /// Erases what is personal about somebody, or in a record. Where the rules or the books refuse, the last receipt
    /// says so, and what was done before it stays done.
    pub async fn erase(
        self: &Arc<Node>,
        network: &str,
        who: Eraser,
        subject: Id,
        reason: &str,
    ) -> Result<Erased, Rejection> {
        let mut erased = Erased::default();
        for step in 0.. {
            if step == ERASE_STEPS_MAX {
                // What is done stays done; whoever asks again goes on from there.
                return Err(Rejection::Busy);
            }
            let head = self.head(network).await?;
            let act = self.to_erase(&head, subject, (who, reason)).await?;
            // The first step asks the rules even where there is nothing to erase.
            if step > 0 && act.entries.is_empty() && act.stripped.is_empty() {
                break;
            }
            let (entries, records) = (act.entries.len(), act.stripped.len());
            let acts = vec![AnyAct::Governing(GoverningAct::Erase(Box::new(act)))];
            let (agent, via) = match who {
                Eraser::Agent(agent, via) => (agent, via),
                Eraser::Operator => (head.network, Via::Console),
            };
            let command = Command::new(command_id()?, agent, acts);
            let receipt = self.lane(network).await?.put(command, via)?.await?;
            let refused = receipt.decision.as_ref().err().map(|refused| refused.code.clone());
            if refused.as_deref() != Some("changed-meanwhile") {
                erased.receipts.push(receipt);
            }
            match refused.as_deref() {
                None => {
                    erased.entries += entries;
                    erased.records += records;
                }
                // Somebody wrote while it was looked at: looked at again.
                Some("changed-meanwhile") => {}
                Some(_) => return Ok(erased),
            }
        }
        let head = self.head(network).await?;
        self.store.forget_accounts(&head, subject).await?;
        // Whatever stopped an erasure before: what no record names any more is gone with the next.
        self.store.sweep_blobs(head.key).await?;
        self.store.rewrite().await?;
        Ok(erased)
    }

    /// What there is to erase now, as an act; as much as goes in one step.
    async fn to_erase(
        &self,
        head: &Head,
        subject: Id,
        (who, reason): (Eraser, &str),
    ) -> Result<EraseAct, Rejection> {
        let named = self.store.records_naming(head, subject).await?;
        let own =
            |record: &Record| record.id == subject || erasure::whose(record).any(|whose| whose == subject);
        let (mut own, others): (Vec<Record>, Vec<Record>) =
            named.into_iter().map(|kept| kept.record).partition(|record| own(record));
        let mut entries = Vec::new();
        let ids: BTreeSet<String> = own.iter().map(|record| record.id.to_string()).collect();
        for (entry, _) in self.store.entries_naming(head, subject).await? {
            let written = Written::of(&entry)?;
            // What an erasure of the same subject has written down again is others'.
            let is_erasure = |act: &AnyAct| matches!(act, AnyAct::Governing(GoverningAct::Erase(act)) if act.subject == subject);
            let speaks = |text: &[u8]| ids.iter().any(|id| contains(text, id.as_bytes()));
            let personal = || entry.personal.as_ref().is_some_and(|(text, _)| speaks(text));
            if !written.command.acts.iter().any(is_erasure) || personal() {
                entries.push(entry.seq);
            }
        }
        // Whoever has much of their own: first that goes, so much at a time, then what the journal says of it. The
        // other way round an entry's erasure would write down again what is to be erased.
        if own.len() > ERASED_RECORDS_MAX / 2 {
            own.truncate(ERASED_RECORDS_MAX / 2);
            entries.clear();
        }
        let cases = others.into_iter().filter(|record| record.class == Class::Case);
        let cases: Vec<Record> = cases.filter_map(|case| without(case, subject)).collect();
        let mut most = ERASED_ENTRIES_MAX;
        loop {
            entries.truncate(most);
            let mut kept = cases.clone();
            for other in self.store.records_of(head, &entries).await? {
                let record = other.record;
                let known = own.iter().chain(&kept).any(|known| known.id == record.id);
                if !known {
                    kept.push(record);
                }
            }
            let fields: Vec<Json> =
                kept.iter().map(|record| record.fields.to_json(record.class, Part::Personal)).collect();
            let bytes: usize = fields.iter().map(|fields| fields.to_string().len()).sum();
            let fits = bytes <= ERASE_KEPT_BYTES_MAX && own.len() + kept.len() <= ERASED_RECORDS_MAX;
            if !fits && entries.len() > 1 {
                most = entries.len() / 2;
                continue;
            }
            let versions = |list: &[Record]| list.iter().map(|record| (record.id, record.version)).collect();
            return Ok(EraseAct {
                subject,
                unlawful: matches!(who, Eraser::Operator),
                reason: reason.to_owned(),
                entries,
                stripped: versions(&own),
                kept: versions(&kept),
                fields,
            });
        }
    }
}

/// A case without what somebody said in it; none where they said nothing.
fn without(mut case: Record, subject: Id) -> Option<Record> {
    let statements = case.fields.document(Prop::Statements)?.as_array()?.clone();
    let by =
        |one: &Json| one.get("by").and_then(Json::as_str).and_then(|id| id.parse().ok()) == Some(subject);
    let others: Vec<Json> = statements.iter().filter(|one| !by(one)).cloned().collect();
    let is_party = cases::parties(&case).any(|party| party == subject);
    if others.len() == statements.len() && !is_party {
        return None;
    }
    case.fields.set(Prop::Statements, Value::document(json!(others)));
    Some(case)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
