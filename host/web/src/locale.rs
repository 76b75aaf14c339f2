//! How somebody reads: their language, and the zone that the network lives in.
//!
//! Every word of a page stands in a catalogue (`words/*.ftl`, [Fluent](https://projectfluent.org)); a test holds
//! the catalogues against each other and against what the pages ask for. English is what a missing message falls
//! back to. Dates and numbers follow the catalogue too: names of days and months, the order they come in, the
//! sign between whole and part.
//!
//! Invariants:
//! - what is put into a sentence never turns the rest of it round: text of the other direction is isolated;
//! - a time of day is never shown without the page saying which zone it is in.

use std::sync::{Arc, LazyLock};

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::NoticeText;
use unic_langid::LanguageIdentifier;
use valueflows::Instant;

/// One language's words.
pub struct Catalogue {
    /// Its tag: `en`.
    pub tag: &'static str,
    /// What it calls itself.
    pub name: &'static str,
    /// `ltr` or `rtl`.
    pub direction: &'static str,
    bundle: FluentBundle<FluentResource>,
}

/// The language that stands in for others.
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| {
    catalogue("en", "English", [include_str!("../words/en.ftl"), include_str!("../words/en-rules.ftl")])
});

static GERMAN: LazyLock<Catalogue> = LazyLock::new(|| {
    catalogue("de", "Deutsch", [include_str!("../words/de.ftl"), include_str!("../words/de-rules.ftl")])
});

/// The languages that are complete.
fn catalogues() -> [&'static Catalogue; 2] {
    [&ENGLISH, &GERMAN]
}

/// Whatever does not parse is left out, and the test of the catalogues says so.
fn catalogue(tag: &'static str, name: &'static str, texts: [&str; 2]) -> Catalogue {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Marks around every value would stand in every copied name; only what runs the other way gets them (`spoken`).
    bundle.set_use_isolating(false);
    for text in texts {
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    Catalogue { tag, name, direction: "ltr", bundle }
}

/// Digits in groups of three, with a narrow space that no language mistakes for a sign.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// What can stand in a sentence.
pub trait Spoken {
    /// As the catalogue takes it.
    fn spoken(&self) -> FluentValue<'static>;
}

impl Spoken for str {
    fn spoken(&self) -> FluentValue<'static> {
        FluentValue::from(isolated(self))
    }
}

impl Spoken for String {
    fn spoken(&self) -> FluentValue<'static> {
        self.as_str().spoken()
    }
}

impl<T: Spoken + ?Sized> Spoken for &T {
    fn spoken(&self) -> FluentValue<'static> {
        (**self).spoken()
    }
}

macro_rules! spoken_numbers {
    ($($kind:ty),*) => {
        $(impl Spoken for $kind {
            fn spoken(&self) -> FluentValue<'static> {
                match *self >= 10_000 {
                    true => FluentValue::from(grouped(&self.to_string())),
                    false => FluentValue::from(*self),
                }
            }
        })*
    };
}
spoken_numbers!(i64, u64, u32, usize);

/// Text that runs from right to left, within marks that keep the sentence around it as it is.
fn isolated(text: &str) -> String {
    let other = |c: char| matches!(c, '\u{0590}'..='\u{08ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    match text.contains(other) {
        true => format!("\u{2068}{text}\u{2069}"),
        false => text.to_owned(),
    }
}

/// How somebody reads.
#[derive(Clone)]
pub struct Locale {
    words: &'static Catalogue,
    /// What the network says in its own words.
    own: Option<Arc<FluentBundle<FluentResource>>>,
    zone: TimeZone,
}

impl std::fmt::Debug for Locale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Locale({})", self.words.tag)
    }
}

impl Default for Locale {
    fn default() -> Locale {
        Locale { words: &ENGLISH, own: None, zone: TimeZone::UTC }
    }
}

/// A sentence to be.
pub struct Saying<'l> {
    locale: &'l Locale,
    args: FluentArgs<'static>,
}

impl Saying<'_> {
    /// One value more.
    #[must_use]
    pub fn put(mut self, name: &'static str, value: impl Spoken) -> Self {
        self.args.set(name, value.spoken());
        self
    }

    /// The sentence.
    pub fn t(self, key: &str) -> String {
        self.locale.format(key, Some(&self.args))
    }
}

impl Locale {
    /// The language that is wished for most among those that are there: a tag that was chosen, else what the browser
    /// sends (`Accept-Language`, weights and all).
    pub fn wished(chosen: Option<&str>, accepted: &str) -> Locale {
        let find = |tag: &str| {
            let short = tag.split(['-', '_']).next().unwrap_or_default();
            catalogues().into_iter().find(|one| one.tag.eq_ignore_ascii_case(short))
        };
        let weighed = accepted.split(',').take(20).filter_map(|part| {
            let mut parts = part.trim().split(';');
            let tag = parts.next()?.trim();
            let weight = parts.find_map(|one| one.trim().strip_prefix("q=")?.parse::<f32>().ok());
            Some((weight.unwrap_or(1.0), find(tag)?))
        });
        let best = weighed.reduce(|best, next| if next.0 > best.0 { next } else { best });
        let words = chosen.and_then(find).or(best.map(|(_, one)| one)).unwrap_or(&ENGLISH);
        Locale { words, own: None, zone: TimeZone::UTC }
    }

    /// The same in a zone of the IANA's names; in UTC where there is none of that name.
    #[must_use]
    pub fn within(self, zone: &str) -> Locale {
        Locale { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), ..self }
    }

    /// The same with a network's own words for what waits for its members, where it has some in this language.
    #[must_use]
    pub fn telling(&self, notices: &[NoticeText]) -> Locale {
        let text = notices.iter().find(|one| one.language.eq_ignore_ascii_case(self.words.tag));
        let own = text.map(|text| {
            let resource = match FluentResource::try_new(text.text.clone()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            let mut bundle = FluentBundle::new_concurrent(vec![self.words.tag.parse().unwrap_or_default()]);
            bundle.set_use_isolating(false);
            bundle.add_resource_overriding(resource);
            Arc::new(bundle)
        });
        Locale { own, ..self.clone() }
    }

    /// The languages there are: tag and own name.
    pub fn languages() -> impl Iterator<Item = (&'static str, &'static str)> {
        catalogues().into_iter().map(|one| (one.tag, one.name))
    }

    /// The tag of the language.
    pub fn tag(&self) -> &'static str {
        self.words.tag
    }

    /// The direction that it is read in.
    pub fn direction(&self) -> &'static str {
        self.words.direction
    }

    /// The zone's name.
    pub fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }

    /// A sentence in which nothing has to be put.
    pub fn t(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// Begins a sentence in which something has to be put.
    pub fn put(&self, name: &'static str, value: impl Spoken) -> Saying<'_> {
        Saying { locale: self, args: FluentArgs::new() }.put(name, value)
    }

    fn format(&self, key: &str, args: Option<&FluentArgs>) -> String {
        let of = |bundle: &FluentBundle<FluentResource>| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
            for error in errors {
                tracing::warn!(key, %error, "a sentence is not whole");
            }
            Some(text)
        };
        let own = self.own.as_deref().and_then(of);
        own.or_else(|| of(&self.words.bundle))
            .or_else(|| of(&ENGLISH.bundle))
            .unwrap_or_else(|| key.to_owned())
    }

    fn parts(&self, at: Instant) -> Option<jiff::Zoned> {
        Some(Timestamp::from_microsecond(at.0).ok()?.to_zoned(self.zone.clone()))
    }

    /// The day of the zone's calendar.
    pub fn civil(&self, at: Instant) -> Option<jiff::civil::Date> {
        Some(self.parts(at)?.date())
    }

    /// `Tuesday 24 Nov 2026`.
    pub fn day(&self, at: Instant) -> String {
        let Some(at) = self.parts(at) else { return self.t("date-unknown") };
        let weekday = self.put("n", i64::from(at.weekday().to_monday_one_offset())).t("date-weekday");
        let month = self.put("n", i64::from(at.month())).t("date-month");
        let day = self.put("weekday", weekday).put("day", i64::from(at.day())).put("month", month);
        day.put("year", at.year().to_string()).t("date-day")
    }

    /// `Tuesday 24 Nov 2026, 14:05`.
    pub fn moment(&self, at: Instant) -> String {
        let Some(local) = self.parts(at) else { return self.t("date-unknown") };
        let time = format!("{:02}:{:02}", local.hour(), local.minute());
        self.put("day", self.day(at)).put("time", time).t("date-moment")
    }

    /// A moment by which something has to be done, with the zone that it is meant in.
    pub fn deadline(&self, at: Instant) -> String {
        self.put("moment", self.moment(at)).put("zone", self.zone_name()).t("date-deadline")
    }

    /// How many days of the zone's calendar lie between two moments.
    pub fn days_between(&self, from: Instant, to: Instant) -> i64 {
        let (Some(from), Some(to)) = (self.parts(from), self.parts(to)) else { return 0 };
        let days = to.date().since(from.date());
        days.map(|span| i64::from(span.get_days())).unwrap_or_default()
    }

    /// `due tomorrow, Tuesday 24 Nov 2026` and the like.
    pub fn due(&self, at: Instant, now: Instant) -> String {
        let days = self.days_between(now, at);
        let late = u32::from(at < now);
        self.put("day", self.day(at)).put("days", days.abs()).put("late", u64::from(late)).t("date-due")
    }

    /// The end of a day that somebody wrote: `friday`, `27.11.`, `27.11.2026`, `2026-11-27`, `tomorrow`, or the same
    /// in the reader's language. A weekday is the next one, a date without a year the next such.
    pub fn read_day(&self, text: &str, now: Instant) -> Option<Instant> {
        let today = self.parts(now)?.date();
        let text = text.trim().to_lowercase();
        let in_days = |n: i64| today.checked_add(jiff::Span::new().days(n)).ok();
        let weekday = (1..=7_i64).find(|n| self.put("n", *n).t("date-weekday").to_lowercase() == text);
        let date = if text == self.t("date-today") {
            Some(today)
        } else if text == self.t("date-tomorrow") {
            in_days(1)
        } else if let Some(wanted) = weekday {
            let now = i64::from(today.weekday().to_monday_one_offset());
            in_days(match (wanted - now).rem_euclid(7) {
                0 => 7,
                days => days,
            })
        } else {
            dated(&text, today)
        };
        let end = date?.at(23, 59, 59, 0).to_zoned(self.zone.clone()).ok()?;
        Some(Instant(end.timestamp().as_microsecond()))
    }

    /// Digits of a decimal number, with the language's own sign before its part.
    pub fn decimal(&self, digits: &str) -> String {
        let sign = self.t("number-decimal");
        match digits.split_once('.') {
            Some((whole, part)) => format!("{}{sign}{part}", long(whole)),
            None => long(digits),
        }
    }
}

/// Groups from five digits on.
fn long(digits: &str) -> String {
    match digits.trim_start_matches('-').len() {
        0..5 => digits.to_owned(),
        _ => grouped(digits),
    }
}

/// A date in figures.
fn dated(text: &str, today: jiff::civil::Date) -> Option<jiff::civil::Date> {
    if let Ok(date) = text.parse::<jiff::civil::Date>() {
        return Some(date);
    }
    let mut parts = text.split('.').map(str::trim);
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year = parts.next().unwrap_or_default();
    if !year.is_empty() {
        let year: i16 = year.parse().ok()?;
        return jiff::civil::Date::new(if year < 100 { 2000 + year } else { year }, month, day).ok();
    }
    let this = jiff::civil::Date::new(today.year(), month, day).ok();
    this.filter(|date| *date >= today).or_else(|| jiff::civil::Date::new(today.year() + 1, month, day).ok())
}
