//! Papers that go with a record (instructions, a receipt, a certificate) as somebody has them become papers that anybody
//! may open: text that is only text, or a PDF of what is on its pages and nothing else.
//!
//! A PDF is written anew from its pages. What it says about whoever made it, when and with what, earlier versions,
//! scripts, forms, files within it and whatever else does something when it is opened are gone; so is what photographs
//! in it say about where they were taken. Reading one may take much: do it in a process that has limits of its own.
//!
//! ```
//! use interchange::papers::{Kind, cleaned};
//! let (kind, bytes) = cleaned(b"\xef\xbb\xbfCharge it for\r\nan hour.").unwrap();
//! assert_eq!((kind, &bytes[..]), (Kind::Text, &b"Charge it for\nan hour."[..]));
//! assert!(cleaned(b"\x7fELF\x02\x01\x01\0").is_err());
//! ```

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId, Stream};
use thiserror::Error;

use crate::limits::PAPER_STREAM_BYTES_MAX;

/// The hidden sub-command under which the binary is its own child that cleans papers: a file in, [`answer`] out.
pub const COMMAND: &str = "paper-child";

/// What a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A PDF.
    Pdf,
    /// Plain text in UTF-8.
    Text,
}

impl Kind {
    /// Both.
    pub const ALL: [Kind; 2] = [Kind::Pdf, Kind::Text];

    /// Its media type.
    pub fn media(self) -> &'static str {
        match self {
            Kind::Pdf => "application/pdf",
            Kind::Text => "text/plain",
        }
    }

    /// How names of such files end.
    pub fn ending(self) -> &'static str {
        match self {
            Kind::Pdf => ".pdf",
            Kind::Text => ".txt",
        }
    }

    /// The one of this media type.
    pub fn of(media: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.media() == media)
    }
}

/// Why a file is no paper.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Unusable {
    /// Neither text nor a PDF.
    #[error("it is neither text nor a PDF")]
    Unknown,
    /// A PDF that asks for a password.
    #[error("it is locked with a password")]
    Locked,
    /// A PDF that cannot be read.
    #[error("it cannot be read: {0}")]
    Broken(String),
}

/// What a file becomes. What kind it is is seen from its bytes, whatever anybody calls it.
pub fn cleaned(bytes: &[u8]) -> Result<(Kind, Vec<u8>), Unusable> {
    if bytes.starts_with(b"%PDF-") {
        return Ok((Kind::Pdf, pdf(bytes)?));
    }
    text(bytes).map(|text| (Kind::Text, text.into_bytes())).ok_or(Unusable::Unknown)
}

/// What the child answers: a line that says what the paper is, or why it is none, and the paper.
pub fn answer(bytes: &[u8]) -> Vec<u8> {
    match cleaned(bytes) {
        Ok((kind, paper)) => [kind.media().as_bytes(), b"\n", &paper].concat(),
        Err(Unusable::Locked) => LOCKED.to_vec(),
        Err(_) => Vec::new(),
    }
}

const LOCKED: &[u8] = b"locked\n";

/// Reads what a child answered. One that died, or was ended, did not understand the file.
pub fn answered(answer: &[u8]) -> Result<(Kind, Vec<u8>), Unusable> {
    if answer == LOCKED {
        return Err(Unusable::Locked);
    }
    let at = answer.iter().position(|byte| *byte == b'\n').ok_or(Unusable::Unknown)?;
    let (said, paper) = answer.split_at(at);
    let kind = std::str::from_utf8(said).ok().and_then(Kind::of).ok_or(Unusable::Unknown)?;
    Ok((kind, paper.get(1..).unwrap_or_default().to_vec()))
}

/// Letters, spaces, tabs and ends of lines.
fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let fits = |c: char| c == '\n' || c == '\t' || !c.is_control();
    (!text.trim().is_empty() && text.chars().all(fits)).then_some(text)
}

/// What a catalogue keeps: its pages, how they are called and found, and what readers for the blind need.
const CATALOGUE: [&[u8]; 13] = [
    b"Type",
    b"Version",
    b"Extensions",
    b"Pages",
    b"PageLabels",
    b"PageLayout",
    b"Dests",
    b"Names",
    b"Outlines",
    b"Lang",
    b"MarkInfo",
    b"StructTreeRoot",
    b"OCProperties",
];

/// What no part of a PDF keeps: who, when and with what, and what happens by itself.
const GONE: [&[u8]; 9] =
    [b"Metadata", b"PieceInfo", b"LastModified", b"AA", b"OpenAction", b"JS", b"EF", b"RF", b"AF"];

/// What a link may do: lead to a page of the same paper, or say an address.
const LEADS: [&[u8]; 3] = [b"URI", b"GoTo", b"Named"];

/// Everything else that can be done by a PDF.
const DOES: [&[u8]; 16] = [
    b"JavaScript",
    b"Launch",
    b"GoToR",
    b"GoToE",
    b"GoToDp",
    b"SubmitForm",
    b"ResetForm",
    b"ImportData",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"Hide",
    b"Trans",
    b"GoTo3DView",
    b"RichMediaExecute",
    b"SetOCGState",
];

fn pdf(bytes: &[u8]) -> Result<Vec<u8>, Unusable> {
    let broken = |error: lopdf::Error| Unusable::Broken(error.to_string());
    let options =
        LoadOptions { max_decompressed_size: Some(PAPER_STREAM_BYTES_MAX), ..LoadOptions::default() };
    let mut paper = Document::load_mem_with_options(bytes, options).map_err(|error| match error {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => Unusable::Locked,
        other => broken(other),
    })?;
    if paper.is_encrypted() || paper.was_encrypted() {
        return Err(Unusable::Locked);
    }
    let root = paper.trailer.get(b"Root").and_then(Object::as_reference).map_err(broken)?;
    paper.trailer = Dictionary::from_iter([("Root", Object::Reference(root))]);
    let names = paper.catalog().and_then(|catalogue| catalogue.get_deref(b"Names", &paper)).ok();
    let places = names.and_then(|names| names.as_dict().ok()?.get(b"Dests").ok().cloned());
    let catalogue = paper.catalog_mut().map_err(broken)?;
    only(catalogue, &CATALOGUE);
    catalogue.remove(b"Names");
    if let Some(places) = places {
        catalogue.set("Names", Dictionary::from_iter([("Dests", places)]));
    }
    let pages: Vec<ObjectId> = paper.page_iter().collect();
    if pages.is_empty() {
        return Err(Unusable::Broken("it has no pages".to_owned()));
    }
    for page in pages {
        let links = links(&paper, page);
        let page = paper.get_dictionary_mut(page).map_err(broken)?;
        page.remove(b"Annots");
        if !links.is_empty() {
            page.set("Annots", links);
        }
    }
    for object in paper.objects.values_mut() {
        emptied(object);
    }
    paper.prune_objects();
    paper.renumber_objects();
    let mut out = Vec::new();
    paper.save_to(&mut out).map_err(|error| Unusable::Broken(error.to_string()))?;
    Ok(out)
}

fn only(dictionary: &mut Dictionary, keys: &[&[u8]]) {
    let other: Vec<Vec<u8>> =
        dictionary.iter().map(|(key, _)| key.clone()).filter(|key| !keys.contains(&key.as_slice())).collect();
    for key in other {
        dictionary.remove(&key);
    }
}

/// A page's links, each with nothing but where it is and where it leads.
fn links(paper: &Document, page: ObjectId) -> Vec<Object> {
    let annotations = paper.get_page_annotations(page).unwrap_or_default();
    let link = annotations.into_iter().filter(|one| named(one, b"Subtype") == Some(b"Link"));
    link.filter_map(|one| {
        let mut link = one.clone();
        only(&mut link, &[b"Type", b"Subtype", b"Rect", b"QuadPoints", b"Border", b"F", b"Dest"]);
        if let Ok(action) = one.get_deref(b"A", paper).and_then(Object::as_dict) {
            if !LEADS.contains(&named(action, b"S")?) {
                return None;
            }
            let mut action = action.clone();
            only(&mut action, &[b"Type", b"S", b"URI", b"D", b"N"]);
            link.set("A", action);
        }
        Some(link.into())
    })
    .collect()
}

fn named<'d>(dictionary: &'d Dictionary, key: &[u8]) -> Option<&'d [u8]> {
    dictionary.get(key).and_then(Object::as_name).ok()
}

/// Takes out of a part whatever says who made it and whatever does something.
fn emptied(object: &mut Object) {
    match object {
        Object::Array(parts) => parts.iter_mut().for_each(emptied),
        Object::Dictionary(dictionary) => emptied_dictionary(dictionary),
        Object::Stream(stream) => {
            emptied_dictionary(&mut stream.dict);
            if let Some(photograph) = photograph_in(stream) {
                stream.dict.set("Filter", Object::Name(b"DCTDecode".to_vec()));
                stream.dict.remove(b"DecodeParms");
                stream.set_content(photograph);
            }
        }
        _ => {}
    }
}

fn emptied_dictionary(dictionary: &mut Dictionary) {
    if named(dictionary, b"S").is_some_and(|does| DOES.contains(&does)) {
        *dictionary = Dictionary::new();
        return;
    }
    for key in GONE {
        dictionary.remove(key);
    }
    dictionary.iter_mut().for_each(|(_, part)| emptied(part));
}

/// The photograph that a stream is, cleaned; also where it was packed once more.
fn photograph_in(stream: &Stream) -> Option<Vec<u8>> {
    let filters = stream.filters().ok()?;
    let (last, around) = filters.split_last()?;
    if *last != b"DCTDecode" {
        return None;
    }
    if around.is_empty() {
        return Some(photograph(&stream.content));
    }
    let around: Vec<Object> = around.iter().map(|name| Object::Name(name.to_vec())).collect();
    let packed = Dictionary::from_iter([("Filter", Object::Array(around))]);
    let packed = Stream::new(packed, stream.content.clone());
    Some(photograph(&packed.decompressed_content_with_limit(PAPER_STREAM_BYTES_MAX).ok()?))
}

/// A JPEG without what is not seen: where and when it was taken, with what, and what anybody wrote into it. The segments
/// that say how it is to be read (JFIF, and Adobe's word on colours) stay.
fn photograph(bytes: &[u8]) -> Vec<u8> {
    const START: [u8; 2] = [0xff, 0xd8];
    const SCAN: u8 = 0xda;
    const JFIF: u8 = 0xe0;
    const ADOBE: u8 = 0xee;
    const COMMENT: u8 = 0xfe;
    if !bytes.starts_with(&START) {
        return bytes.to_vec();
    }
    let (mut out, mut rest) = (START.to_vec(), bytes.get(2..).unwrap_or_default());
    while let [0xff, marker, high, low, ..] = *rest {
        let length = 2 + usize::from(u16::from_be_bytes([high, low]));
        let Some((segment, after)) = rest.split_at_checked(length) else { break };
        // What follows is the picture itself.
        if marker == SCAN {
            break;
        }
        let says = matches!(marker, 0xe0..=0xef | COMMENT) && marker != JFIF && marker != ADOBE;
        if !says {
            out.extend_from_slice(segment);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}
