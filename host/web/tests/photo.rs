//! What becomes of photographs, and of what is none.

#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "a test that cannot go on says so")]

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use web::limits::PICTURE_BYTES_MAX;
use web::photo::{Unusable, cleaned};

/// A picture, left half red and right half blue.
fn halves(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let colour = |x: u32| if x < width / 2 { Rgb([220, 20, 20]) } else { Rgb([20, 20, 220]) };
    let picture = RgbImage::from_fn(width, height, |x, _| colour(x));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// The same JPEG with a camera's words in it: which way up, and a secret.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(b"38.7223N 9.1393W");
    let mut out = jpeg[..2].to_vec();
    out.extend([0xff, 0xe1]);
    out.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

fn read(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).expect("a JPEG").to_rgb8()
}

#[test]
fn photographs_become_pictures_and_nothing_else_goes_along() {
    for (format, width, height, becomes) in [
        (ImageFormat::Jpeg, 64, 32, (64, 32)),
        (ImageFormat::Png, 64, 32, (64, 32)),
        (ImageFormat::WebP, 64, 32, (64, 32)),
        (ImageFormat::Jpeg, 4_000, 2_000, (1_280, 640)),
        (ImageFormat::Png, 1, 1, (1, 1)),
        (ImageFormat::Png, 12_000, 1, (1_280, 1)),
    ] {
        let picture = cleaned(&halves(width, height, format)).expect("a picture");
        assert!(picture.len() <= PICTURE_BYTES_MAX);
        assert_eq!(read(&picture).dimensions(), becomes, "{format:?} {width}");
    }
    let turned = with_exif(&halves(64, 32, ImageFormat::Jpeg), 6);
    let picture = cleaned(&turned).expect("a picture");
    let upright = read(&picture);
    assert_eq!(upright.dimensions(), (32, 64), "it stands upright");
    assert!(upright.get_pixel(16, 4).0[0] > 128 && upright.get_pixel(16, 60).0[2] > 128, "left is up");
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    assert!(has(&turned, b"38.7223N") && !has(&picture, b"38.7223N") && !has(&picture, b"Exif"));
    let glass = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
    let mut bytes = Cursor::new(Vec::new());
    glass.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    let paper = read(&cleaned(&bytes.into_inner()).expect("a picture"));
    assert!(paper.get_pixel(4, 4).0[0] > 250, "what shines through is white");
}

#[test]
fn noise_is_made_light() {
    let mut state = 1_u32;
    let noise = RgbImage::from_fn(1_600, 1_200, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [red, green, blue, _] = state.to_be_bytes();
        Rgb([red, green, blue])
    });
    let mut bytes = Cursor::new(Vec::new());
    noise.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
    assert!(cleaned(&bytes.into_inner()).expect("a picture").len() <= PICTURE_BYTES_MAX);
}

#[test]
fn what_is_no_photograph_is_refused() {
    let jpeg = halves(64, 32, ImageFormat::Jpeg);
    let png = halves(64, 32, ImageFormat::Png);
    // A header that promises more points than there is memory for.
    let mut bomb = png.clone();
    bomb[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    for (what, bytes) in [
        ("nothing", Vec::new()),
        ("words", b"hello".to_vec()),
        ("an SVG", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec()),
        ("a GIF", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec()),
        ("half a PNG", png[..png.len() / 2].to_vec()),
        ("a JPEG's beginning", jpeg[..20].to_vec()),
        ("a page that calls itself a picture", b"\xff\xd8\xff<html>".to_vec()),
    ] {
        assert_eq!(cleaned(&bytes), Err(Unusable::Unknown), "{what}");
    }
    assert!(cleaned(&bomb).is_err());
    assert_eq!(cleaned(&halves(12_001, 1, ImageFormat::Png)), Err(Unusable::TooLarge));
}
