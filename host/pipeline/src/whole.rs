//! A network, or a part of it, as its reader may see it: what goes into a file.

use std::collections::{HashMap, HashSet};

use valueflows::property::IN_ORDER;
use valueflows::{Class, Filter, Id, Prop, Record};

use crate::acts::{Act, AnyAct, Command, trace};
use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{VERIFY_BATCH, WHOLE_RECORDS_MAX};
use crate::lists::Way;
use crate::reader::Reader;

/// Which part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Section {
    /// Everything.
    All,
    /// The records of a class that a filter holds for, and what they point at.
    Class(Class, Filter),
    /// What happened to a resource, and what that points at.
    History(Id),
}

/// Records, and what it takes to tell of them from their beginning.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    /// As they stand now, class by class, in the order in which they were written down.
    pub records: Vec<Record>,
    /// Resources as they were when they were first written down.
    pub first: HashMap<Id, Record>,
    /// What came with the founding of the network.
    pub founding: HashSet<Id>,
}

impl Reader {
    /// A part of the network, as far as the reader may see it.
    pub async fn whole(&mut self, section: &Section) -> Result<Whole, Rejection> {
        let mut whole = Whole::default();
        match section {
            Section::All => {
                for class in IN_ORDER {
                    self.all_of(class, &Filter::All, &mut whole.records).await?;
                }
            }
            Section::Class(class, filter) => {
                self.all_of(*class, filter, &mut whole.records).await?;
                self.pointed_at(&mut whole.records).await?;
            }
            Section::History(thing) => {
                let things = self.get_many(&[*thing]).await?;
                whole.records.extend(things.into_values().map(|record| (*record).clone()));
                let [about, to] = trace::links(*thing);
                let events = trace::in_order(&self.linked(about).await?, &self.linked(to).await?);
                whole.records.extend(events.into_iter().map(|record| (*record).clone()));
                self.pointed_at(&mut whole.records).await?;
            }
        }
        self.beginnings(&mut whole).await?;
        Ok(whole)
    }

    async fn all_of(
        &mut self,
        class: Class,
        filter: &Filter,
        records: &mut Vec<Record>,
    ) -> Result<(), Rejection> {
        let mut after = 0;
        loop {
            let stretch = self.stretch(&[class], Way::After(after), 1_000, filter).await?;
            records.extend(stretch.rows.into_iter().map(|(_, record)| (*record).clone()));
            if records.len() > WHOLE_RECORDS_MAX {
                return Err(Rejection::TooMuchToRead);
            }
            match stretch.next {
                Some(next) => after = next,
                None => return Ok(()),
            }
        }
    }

    /// Adds what the records point at, and what that points at, as far as the reader may see it.
    async fn pointed_at(&mut self, records: &mut Vec<Record>) -> Result<(), Rejection> {
        let mut here: HashSet<Id> = records.iter().map(|record| record.id).collect();
        let mut fresh: Vec<Record> = records.clone();
        while !fresh.is_empty() {
            let wanted: HashSet<Id> =
                fresh.iter().flat_map(|record| record.points_at()).filter(|id| !here.contains(id)).collect();
            let wanted: Vec<Id> = wanted.into_iter().collect();
            let mut found: Vec<Record> =
                self.get_many(&wanted).await?.into_values().map(|record| (*record).clone()).collect();
            // Ids begin with the time of their command: the order in which they came.
            found.sort_by_key(|record| record.id);
            here.extend(wanted);
            records.extend(found.iter().cloned());
            if records.len() > WHOLE_RECORDS_MAX {
                return Err(Rejection::TooMuchToRead);
            }
            fresh = found;
        }
        Ok(())
    }

    /// How resources were when they were first written down, and what the founding brought.
    async fn beginnings(&mut self, whole: &mut Whole) -> Result<(), Rejection> {
        let resources = whole.records.iter().filter(|record| record.class == Class::EconomicResource);
        let wanted: HashSet<Id> = resources.map(|record| record.id).collect();
        let mut from = 1;
        loop {
            let entries = self.node.store.entries_from(&self.head, from, VERIFY_BATCH).await?;
            let Some((last, _)) = entries.last() else { return Ok(()) };
            from = last.seq + 1;
            for (entry, _) in entries {
                let written = Written::of(&entry)?;
                whole.first.extend(told(&self.head.network, &written.command));
                for record in written.made {
                    if entry.seq == 1 {
                        whole.founding.insert(record.id);
                    }
                    if record.version == 1 && wanted.contains(&record.id) {
                        whole.first.entry(record.id).or_insert(record);
                    }
                }
            }
        }
    }
}

/// Resources as a report told of them: an entry keeps what they had come to when its command was done.
fn told(network: &Id, command: &Command) -> Vec<(Id, Record)> {
    let mut made = 0;
    let mut first = Vec::new();
    // Other acts make more than one record each; a file never mixes them.
    let told = |act: &AnyAct| matches!(act, AnyAct::Economic(Act::Report { .. } | Act::State { .. }));
    if !command.acts.iter().all(told) {
        return first;
    }
    for act in &command.acts {
        let AnyAct::Economic(Act::Report { class, fields }) = act else { continue };
        let id = Id::record(*network, command.id, made);
        made += 1;
        if *class == Class::EconomicResource {
            first.push((id, Record::new(id, *class, fields.clone())));
        }
    }
    first
}

/// What names a resource for people who ask for its history: an id, a name, or a tracking identifier.
pub fn is_called(record: &Record, name: &str) -> bool {
    record.id.to_string() == name
        || [Prop::Name, Prop::TrackingIdentifier, Prop::SameAs]
            .iter()
            .any(|prop| record.fields.text(*prop) == Some(name))
}
