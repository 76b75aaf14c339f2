//! Amounts as bars, without a word; what they say stands in the table beside them.

use super::canvas::{Canvas, INK, LINE, kind};

/// Points of a picture.
pub const WIDTH_PX: usize = 640;
pub const HEIGHT_PX: usize = 280;
/// Of one lying bar, and of the number before it.
const ROW_PX: usize = 22;
const NUMBER_PX: usize = 44;
/// Widest standing bar.
const BAR_PX_MAX: usize = 40;

/// How tall a picture of so many lying bars is.
pub fn lying_height(rows: usize) -> usize {
    rows.max(1) * ROW_PX
}

/// Lying bars, each of two parts one after the other, numbered from one. What is less than nothing has no length.
pub fn lying(rows: &[(f64, f64)]) -> Option<Vec<u8>> {
    let mut canvas = Canvas::new(WIDTH_PX, lying_height(rows.len()));
    let most = rows.iter().map(|(first, second)| first.max(0.0) + second.max(0.0)).fold(0.0, f64::max);
    let room = (WIDTH_PX - NUMBER_PX) as f64;
    let long = |amount: f64| if most > 0.0 { (amount.max(0.0) / most * room).round() as usize } else { 0 };
    for (n, (first, second)) in rows.iter().enumerate() {
        let top = n * ROW_PX;
        canvas.number((2, top + 3), n + 1);
        canvas.rectangle((NUMBER_PX, top + 3), (long(*first), ROW_PX - 6), kind(0));
        canvas.rectangle((NUMBER_PX + long(*first), top + 3), (long(*second), ROW_PX - 6), kind(1));
    }
    canvas.rectangle((NUMBER_PX - 3, 0), (2, lying_height(rows.len())), INK);
    canvas.png()
}

/// What came in and what went out, period by period, as two bars each; and what it came to, as steps across them.
pub fn standing(periods: &[(f64, f64, f64)]) -> Option<Vec<u8>> {
    let mut canvas = Canvas::new(WIDTH_PX, HEIGHT_PX);
    let all = || periods.iter().flat_map(|(inward, outward, balance)| [*inward, *outward, *balance]);
    let (most, least) = (all().fold(0.0, f64::max), all().fold(0.0, f64::min));
    let span = if most > least { most - least } else { 1.0 };
    // From the top; an amount never leaves the sheet.
    let y = |amount: f64| (((most - amount) / span) * (HEIGHT_PX - 1) as f64).round() as usize;
    let wide = WIDTH_PX / periods.len().max(1);
    let bar = (wide * 2 / 5).clamp(1, BAR_PX_MAX);
    let from_nought = |canvas: &mut Canvas, x: usize, amount: f64, color: u8| {
        let (top, bottom) = (y(amount).min(y(0.0)), y(amount).max(y(0.0)));
        canvas.rectangle((x, top), (bar, bottom - top), color);
    };
    canvas.rectangle((0, y(0.0)), (WIDTH_PX, 1), LINE);
    for (n, (inward, outward, _)) in periods.iter().enumerate() {
        from_nought(&mut canvas, n * wide, *inward, kind(0));
        from_nought(&mut canvas, n * wide + bar, *outward, kind(1));
    }
    for (n, (.., balance)) in periods.iter().enumerate() {
        canvas.rectangle((n * wide, y(*balance).min(HEIGHT_PX - 3)), (wide, 3), INK);
    }
    canvas.png()
}
