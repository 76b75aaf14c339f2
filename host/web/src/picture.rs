//! Pictures, made here: no browser needs a script or a vector image to show them.

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
