//! A record: class, id, version and values.

use crate::fields::Fields;
use crate::id::Id;
use crate::property::{Class, Prop, Property};
use crate::quantity::NO_UNIT;

/// Which part of a record or an entry: the books are never erased, the personal part can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Ids, actions, quantities, units, times, links.
    Books,
    /// Names, notes, images, free text, addresses.
    Personal,
    /// Both together, as a command arrives.
    Whole,
}

impl Part {
    /// Whether a property stands in this part.
    pub fn holds(self, class: Class, prop: Prop) -> bool {
        let personal = Property::of(class, prop).is_some_and(|row| row.personal);
        match self {
            Part::Books => !personal,
            Part::Personal => personal,
            Part::Whole => true,
        }
    }
}

/// One record at one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: Id,
    /// Its class.
    pub class: Class,
    /// 1 when made, one more with each change.
    pub version: u32,
    /// Its values.
    pub fields: Fields,
}

impl Record {
    /// A new record, version 1.
    pub fn new(id: Id, class: Class, fields: Fields) -> Record {
        Record { id, class, version: 1, fields }
    }

    /// Whether it still asks for something: not marked finished.
    pub fn is_open(&self) -> bool {
        !self.fields.flag(Prop::Finished)
    }

    /// A name to show: name, label, tracking id or the start of the id.
    pub fn title(&self) -> String {
        [Prop::Name, Prop::Label, Prop::TrackingIdentifier]
            .into_iter()
            .find_map(|prop| self.fields.text(prop))
            .map_or_else(|| self.id.short(), str::to_owned)
    }

    /// How many decimals amounts have in this unit.
    pub fn decimals(&self) -> u8 {
        let said = self.fields.integer(Prop::Decimals).and_then(|decimals| u8::try_from(decimals).ok());
        said.unwrap_or(crate::limits::UNIT_DECIMALS_DEFAULT)
    }

    /// Everything that any of its values points at: records, and the units of its amounts.
    pub fn points_at(&self) -> impl Iterator<Item = Id> + '_ {
        let terms = self.fields.terms().iter().map(|term| term.quantity.unit).filter(|unit| *unit != NO_UNIT);
        self.fields.refs().map(|(_, id)| id).chain(self.fields.units()).chain(terms)
    }

    /// What the store keeps inverses of: (property, target).
    ///
    /// An IRI that the record has elsewhere is kept like a reference, by its digest: so it is found again.
    pub fn links(&self) -> impl Iterator<Item = (Prop, Id)> {
        let class = self.class;
        let elsewhere = self.fields.text(Prop::SameAs).map(|iri| (Prop::SameAs, Id::of_iri(iri)));
        self.fields
            .refs()
            .chain(elsewhere)
            .filter(move |(prop, _)| Property::of(class, *prop).is_some_and(|row| row.linked))
    }
}
