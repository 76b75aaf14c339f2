//! Pictures, made here: no browser needs a script or a vector image to show them.

pub mod bars;
pub mod canvas;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use qrcode::{EcLevel, QrCode};

/// Pixels a module of a code: large enough for a label of two centimetres at 300 dots an inch.
const MODULE_PX: usize = 6;
/// Modules of quiet around it, as the standard wants.
const QUIET: usize = 4;

/// A QR code of an address, as a picture of black and white; none if the address is too long for one.
pub fn qr(address: &str) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let side = (width + 2 * QUIET) * MODULE_PX;
    let dark = |x: usize, y: usize| {
        let (x, y) = ((x / MODULE_PX).checked_sub(QUIET)?, (y / MODULE_PX).checked_sub(QUIET)?);
        let inside = x < width && y < width;
        colors.get(y * width + x).filter(|_| inside).map(|color| *color == qrcode::Color::Dark)
    };
    // A bit a pixel, each row in whole bytes, 1 for white.
    let mut rows = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..side {
        for byte in 0..side.div_ceil(8) {
            let bits = (0..8).map(|bit| u8::from(dark(byte * 8 + bit, y) != Some(true)) << (7 - bit));
            rows.push(bits.fold(0, |sum, bit| sum | bit));
        }
    }
    let side = u32::try_from(side).ok()?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&rows).ok()?;
    writer.finish().ok()?;
    Some(file)
}

/// Points of a day in a calendar, and of the line between two days.
const DAY_PX: usize = 10;
const GAP_PX: usize = 2;
/// Shades of a calendar: nothing there, a day, a day that something is the case, and one that is still to come.
const SHADES: [u8; 12] = [255, 255, 255, 226, 226, 218, 31, 107, 79, 180, 212, 196];

/// What a day of a calendar is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// A day like others.
    Plain,
    /// One on which it was so.
    So,
    /// One on which it will be so.
    Soon,
}

/// A calendar without a word: a column a week, a row a day of the week, from the first day's on. What it says stands in
/// words beside it.
pub fn calendar(first_weekday: usize, days: &[Day]) -> Option<Vec<u8>> {
    let cell = DAY_PX + GAP_PX;
    let (weeks, rows) = ((first_weekday + days.len()).div_ceil(7), 7);
    let (width, height) = (weeks * cell + GAP_PX, rows * cell + GAP_PX);
    let shade = |x: usize, y: usize| -> u8 {
        let inside = |at: usize| at % cell >= GAP_PX;
        let at = (x / cell) * 7 + y / cell;
        match at.checked_sub(first_weekday).and_then(|day| days.get(day)) {
            Some(_) if !inside(x) || !inside(y) => 0,
            Some(Day::Plain) => 1,
            Some(Day::So) => 2,
            Some(Day::Soon) => 3,
            None => 0,
        }
    };
    // Two bits a point, each row in whole bytes.
    let mut points = Vec::with_capacity(height * width.div_ceil(4));
    for y in 0..height {
        for byte in 0..width.div_ceil(4) {
            let four = (0..4).map(|n| byte * 4 + n).map(|x| if x < width { shade(x, y) } else { 0 });
            points.push(four.fold(0, |sum, shade| (sum << 2) | shade));
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Two);
    encoder.set_palette(SHADES.as_slice());
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&points).ok()?;
    writer.finish().ok()?;
    Some(file)
}

/// The same where nothing may keep it.
pub fn secret(picture: Option<Vec<u8>>) -> Response {
    let mut answer = answer(picture);
    answer.headers_mut().insert(header::CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    answer
}

/// A picture as an answer, for the reader alone.
pub fn answer(picture: Option<Vec<u8>>) -> Response {
    match picture {
        Some(bytes) => {
            ([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=3600")], bytes)
                .into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
