//! A photograph as somebody took it becomes a picture that goes on a page: upright, of a size that a slow line carries,
//! and with nothing in it but what is seen. Where it was taken, when and with what is gone with the rest of its file.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage};

use crate::limits::{PHOTO_ALLOC_MAX, PHOTO_SIDE_MAX, PICTURE_BYTES_MAX};

/// Sides and qualities that are tried until a picture is light enough.
const TRIED: [(u32, u8); 5] = [(1_280, 82), (1_280, 68), (1_024, 62), (800, 56), (640, 45)];

/// Why a file is no photograph that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Nothing that is known, or broken.
    Unknown,
    /// Of more points than anybody prints.
    TooLarge,
}

/// The picture that a file becomes. What kind it is is seen from its first bytes, whatever anybody calls it.
pub fn cleaned(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Unusable::Unknown)?;
    let known = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    if !reader.format().is_some_and(|format| known.contains(&format)) {
        return Err(Unusable::Unknown);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(PHOTO_SIDE_MAX);
    limits.max_image_height = Some(PHOTO_SIDE_MAX);
    limits.max_alloc = Some(PHOTO_ALLOC_MAX);
    reader.limits(limits);
    let no = |error: image::ImageError| match error {
        image::ImageError::Limits(_) => Unusable::TooLarge,
        _ => Unusable::Unknown,
    };
    let mut decoder = reader.into_decoder().map_err(no)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let whole = DynamicImage::from_decoder(decoder).map_err(no)?;
    let mut last = Vec::new();
    for (side, quality) in TRIED {
        let mut small = match whole.width().max(whole.height()) > side {
            true => whole.thumbnail(side, side),
            false => whole.clone(),
        };
        small.apply_orientation(orientation);
        last = encoded(&on_white(&small), quality).ok_or(Unusable::Unknown)?;
        if last.len() <= PICTURE_BYTES_MAX {
            return Ok(last);
        }
    }
    // Noise of the smallest size: nothing that anybody photographed.
    if last.len() <= PICTURE_BYTES_MAX { Ok(last) } else { Err(Unusable::TooLarge) }
}

/// What shines through shines on paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let (mut out, from) = (RgbImage::new(picture.width(), picture.height()), picture.to_rgba8());
    for (to, from) in out.pixels_mut().zip(from.pixels()) {
        let [red, green, blue, alpha] = from.0.map(u32::from);
        let over = |part: u32| u8::try_from((part * alpha + 255 * (255 - alpha)) / 255).unwrap_or(255);
        to.0 = [red, green, blue].map(over);
    }
    out
}

fn encoded(picture: &RgbImage, quality: u8) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture).ok()?;
    Some(bytes)
}
