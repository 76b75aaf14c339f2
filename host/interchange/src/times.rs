//! Times as files write them, with the two faults that they are known for: an hour or an offset of one
//! digit (`T8:30`, `-5:00`).

use jiff::Timestamp;
use valueflows::Instant;

/// An instant, and the text that was meant where it was mended.
pub fn read(text: &str) -> Option<(Instant, Option<String>)> {
    let parsed = |text: &str| text.parse::<Timestamp>().ok().map(|at| Instant(at.as_microsecond()));
    if let Some(at) = parsed(text) {
        return Some((at, None));
    }
    let mended = mend(text)?;
    Some((parsed(&mended)?, Some(mended)))
}

/// An instant in UTC.
pub fn write(at: Instant) -> Option<String> {
    Timestamp::from_microsecond(at.0).ok().map(|at| at.to_string())
}

fn mend(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T')?;
    let sign = time.rfind(['+', '-'])?;
    let (clock, offset) = time.split_at(sign);
    let padded = |text: &str| match text.split_once(':') {
        Some((hour, rest)) if hour.len() == 1 => format!("0{hour}:{rest}"),
        _ => text.to_owned(),
    };
    let (sign, offset) = offset.split_at(1);
    // `-00:00` would say that the offset is not known.
    let sign = if offset.chars().all(|digit| matches!(digit, '0' | ':')) { "+" } else { sign };
    Some(format!("{date}T{}{sign}{}", padded(clock), padded(offset)))
}
