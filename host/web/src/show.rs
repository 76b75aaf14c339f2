//! Dates and amounts as people read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use pipeline::{Reader, Rejection};
use valueflows::{Instant, Prop, Quantity};

fn format(at: Instant, pattern: &str) -> String {
    match Timestamp::from_microsecond(at.0) {
        Ok(at) => at.to_zoned(TimeZone::UTC).strftime(pattern).to_string(),
        Err(_) => "at some time".to_owned(),
    }
}

/// `Tuesday 24 Nov 2026`.
pub fn day(at: Instant) -> String {
    format(at, "%A %-d %b %Y")
}

/// `Tuesday 24 Nov 2026, 14:05`.
pub fn moment(at: Instant) -> String {
    format(at, "%A %-d %b %Y, %H:%M")
}

/// `due tomorrow, Tuesday 24 Nov 2026` and the like.
pub fn due(at: Instant, now: Instant) -> String {
    let days = at.0.div_euclid(Instant::DAY_US) - now.0.div_euclid(Instant::DAY_US);
    let day = day(at);
    match days {
        _ if at < now && days == 0 => format!("was due today, {day}"),
        0 => format!("due today, {day}"),
        1 => format!("due tomorrow, {day}"),
        -1 => format!("was due yesterday, {day}"),
        n if n < 0 => format!("was due {} days ago, {day}", -n),
        n => format!("due in {n} days, {day}"),
    }
}

/// An amount with its unit's sign: `20.00 €`.
pub async fn amount(reader: &mut Reader, quantity: Quantity) -> Result<String, Rejection> {
    let unit = reader.get(quantity.unit).await?;
    let fields = unit.as_ref().map(|unit| &unit.fields);
    let sign =
        fields.and_then(|fields| fields.text(Prop::Symbol).or(fields.text(Prop::Label))).unwrap_or_default();
    Ok(format!("{} {sign}", quantity.decimal(reader.decimals(quantity.unit).await?)))
}
