//! Papers: what is left of a PDF, and what is no paper.
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "tests")]

use interchange::limits::PAPER_STREAM_BYTES_MAX;
use interchange::papers::{Kind, Unusable, answer, answered, cleaned};
use lopdf::{Dictionary, Document, Object, Stream, dictionary};

/// A JPEG as far as its segments go: JFIF, EXIF, a comment, and what is seen.
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x06JFIF\xff\xe1\x00\x0bExif-here\xff\xfe\x00\x09comment\xff\xda\x00\x03.seen\xff\xd9";

/// A paper of one page with such parts.
fn paper(annotations: Vec<Object>, catalogue: Dictionary, image: Stream) -> Vec<u8> {
    let mut paper = Document::with_version("1.5");
    let image = paper.add_object(image);
    let pages = paper.new_object_id();
    let page = paper.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "MediaBox" => vec![0.into(), 0.into(), 9.into(), 9.into()],
        "Resources" => dictionary! { "XObject" => dictionary! { "Im" => image } }, "Annots" => annotations,
        "AA" => dictionary! { "O" => dictionary! { "S" => "Launch", "F" => Object::string_literal("at-open") } },
    });
    paper.set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
    let mut root = dictionary! { "Type" => "Catalog", "Pages" => pages };
    root.extend(&catalogue);
    let root = paper.add_object(root);
    paper.trailer.set("Root", root);
    let mut out = Vec::new();
    paper.save_to(&mut out).unwrap();
    out
}

fn image(filter: Object, content: Vec<u8>) -> Stream {
    Stream::new(dictionary! { "Type" => "XObject", "Subtype" => "Image", "Filter" => filter }, content)
}

fn jpeg() -> Stream {
    image("DCTDecode".into(), JPEG.to_vec())
}

fn link(action: Dictionary) -> Object {
    dictionary! { "Type" => "Annot", "Subtype" => "Link", "T" => Object::string_literal("who-noted"), "A" => action }.into()
}

fn says(paper: &[u8], text: &str) -> bool {
    paper.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn only_what_is_on_the_pages_is_left() {
    let text = Object::string_literal;
    let annotations = vec![
        link(dictionary! { "S" => "URI", "URI" => text("https://example.org"), "Next" => dictionary! { "S" => "Launch", "F" => text("afterwards") } }),
        link(dictionary! { "S" => "Launch", "F" => text("program") }),
        dictionary! { "Type" => "Annot", "Subtype" => "FileAttachment", "Contents" => text("attached") }.into(),
        dictionary! { "Type" => "Annot", "Subtype" => "Text", "T" => text("who-noted"), "Contents" => text("noted") }.into(),
    ];
    let catalogue = dictionary! {
        "Names" => dictionary! {
            "Dests" => dictionary! { "Names" => vec![text("chapter"), 0.into()] },
            "EmbeddedFiles" => dictionary! { "Names" => vec![text("within.exe")] },
            "JavaScript" => dictionary! { "Names" => vec![text("by-itself")] },
        },
        "AcroForm" => dictionary! { "Fields" => vec![text("form")] },
        "Outlines" => dictionary! { "Title" => text("contents"), "A" => dictionary! { "S" => "JavaScript", "JS" => text("alert") } },
        "PieceInfo" => dictionary! { "Maker" => text("drawing-program") },
        "Lang" => text("en"),
    };
    let (kind, left) = cleaned(&paper(annotations, catalogue, jpeg())).unwrap();
    assert_eq!(kind, Kind::Pdf);
    for kept in ["https://example.org", "chapter", "contents", "JFIF", ".seen", "/Lang"] {
        assert!(says(&left, kept), "{kept}: {}", String::from_utf8_lossy(&left));
    }
    for gone in [
        "afterwards",
        "program",
        "attached",
        "noted",
        "within.exe",
        "by-itself",
        "form",
        "alert",
        "at-open",
        "drawing-program",
        "Exif",
        "comment",
    ] {
        assert!(!says(&left, gone), "{gone}: {}", String::from_utf8_lossy(&left));
    }
    // It says the same when it is cleaned again.
    assert_eq!(cleaned(&left).unwrap(), (Kind::Pdf, left.clone()));
    assert_eq!(answered(&answer(&left)), Ok((Kind::Pdf, left)));
}

#[test]
fn a_photograph_that_was_packed_once_more_is_cleaned_too() {
    let mut packed = Stream::new(Dictionary::new(), [JPEG, &[b'.'; 4_000]].concat());
    packed.compress().unwrap();
    let packed = image(vec!["FlateDecode".into(), "DCTDecode".into()].into(), packed.content);
    let (_, left) = cleaned(&paper(Vec::new(), Dictionary::new(), packed)).unwrap();
    assert!(says(&left, ".seen") && !says(&left, "Exif"), "{}", String::from_utf8_lossy(&left));
}

#[test]
fn what_is_no_paper_is_none() {
    let whole = paper(Vec::new(), Dictionary::new(), jpeg());
    for bytes in [&b""[..], b" \n", b"a\0b", b"\x1b[31mred", b"\xff\xfe", b"PK\x03\x04"] {
        assert_eq!(cleaned(bytes), Err(Unusable::Unknown), "{bytes:?}");
    }
    assert!(matches!(cleaned(whole.get(..40).unwrap()), Err(Unusable::Broken(_))));
    for answer in [&b""[..], b"application/pdf", b"image/png\nx"] {
        assert_eq!(answered(answer), Err(Unusable::Unknown));
    }
    assert_eq!(answered(b"locked\n"), Err(Unusable::Locked));
    // A few kilobytes that unpack to more than any table of objects: nothing of them is read.
    let mut bomb = Stream::new(
        dictionary! { "Type" => "ObjStm", "N" => 1, "First" => 4 },
        [&b"9 0 "[..], &vec![b' '; PAPER_STREAM_BYTES_MAX], b"(hidden)"].concat(),
    );
    bomb.compress().unwrap();
    let bomb = paper(Vec::new(), dictionary! { "Outlines" => Object::Reference((9, 0)) }, bomb);
    assert!(bomb.len() < 64 << 10);
    assert!(cleaned(&bomb).map_or(true, |(_, left)| !says(&left, "hidden")));
}
