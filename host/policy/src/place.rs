//! Where a network is: what its members call the place, and by whose clock they live.
//!
//! It stands in the rule book, since a deadline means what it means by that clock: it is set at founding, and members
//! change it as they change any setting.

use jiff::tz::{TimeZone, db};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use valueflows::Said;

use crate::limits::PLACE_BYTES_MAX;

/// Where a network is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What its members call it.
    #[serde(default)]
    pub name: String,
    /// Its zone, by the IANA's name: `Europe/Lisbon`.
    #[serde(default = "utc")]
    pub zone: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// What is wrong with a place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BadPlace {
    /// Its name.
    #[error("a place's name is one line of at most {PLACE_BYTES_MAX} bytes")]
    Name,
    /// Its zone.
    #[error("there is no time zone `{0}`; write a city that has one, as in Lisbon or Europe/Lisbon")]
    Zone(String),
}

impl BadPlace {
    /// The same as a sentence that other languages can say.
    pub fn said(&self) -> Said {
        let (what, with) = match self {
            BadPlace::Name => ("place-name", vec![PLACE_BYTES_MAX.to_string()]),
            BadPlace::Zone(zone) => ("place-zone", vec![zone.clone()]),
        };
        Said { what, with, says: self.to_string() }
    }
}

impl Place {
    /// A place of a name, in a zone or a city as somebody writes it; nowhere in particular where both are empty.
    pub fn read(name: &str, zone: &str) -> Result<Option<Place>, BadPlace> {
        if name.is_empty() && zone.is_empty() {
            return Ok(None);
        }
        let found = if zone.is_empty() { Some(utc()) } else { zone_named(zone) };
        let zone = found.ok_or_else(|| BadPlace::Zone(zone.to_owned()))?;
        let place = Place { name: name.to_owned(), zone };
        match place.problem() {
            None => Ok(Some(place)),
            Some(problem) => Err(problem),
        }
    }

    /// What is wrong with it.
    pub fn problem(&self) -> Option<BadPlace> {
        if self.name.len() > PLACE_BYTES_MAX || self.name.chars().any(char::is_control) {
            return Some(BadPlace::Name);
        }
        TimeZone::get(&self.zone).is_err().then(|| BadPlace::Zone(self.zone.clone()))
    }

    /// In words: `Lisbon (Europe/Lisbon)`.
    pub fn words(&self) -> String {
        match self.name.is_empty() {
            true => self.zone.clone(),
            false => format!("{} ({})", self.name, self.zone),
        }
    }
}

/// The zone that somebody means: by its name, or by its city's alone.
fn zone_named(text: &str) -> Option<String> {
    let wanted = text.trim().replace(' ', "_");
    let is = |name: &str| name.eq_ignore_ascii_case(&wanted);
    let names: Vec<String> = db().available().map(|name| name.as_str().to_owned()).collect();
    let whole = names.iter().find(|name| is(name));
    let city = || names.iter().find(|name| name.rsplit_once('/').is_some_and(|(_, city)| is(city)));
    whole.or_else(city).cloned()
}
