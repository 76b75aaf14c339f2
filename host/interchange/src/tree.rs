//! A file as a tree of values, each with its line. YAML and JSON are read by one parser; what could grow
//! beyond the file (anchors and aliases) is not read, and nothing is read twice.

use std::collections::HashSet;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::error::Fault;
use crate::limits::{DEPTH_MAX, FILE_BYTES_MAX, VALUES_MAX};

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The line that it begins in.
    pub line: usize,
    /// What it is.
    pub value: Shape,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Nothing: `null`, `~`, or no value.
    Nothing,
    /// Text, exactly as it was written: numbers and flags are read from it where one is asked for.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// Named values, in their order: name, its line, value.
    Map(Vec<(String, usize, Tree)>),
}

impl Tree {
    /// Its text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Shape::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value with this name.
    pub fn get(&self, name: &str) -> Option<&Tree> {
        match &self.value {
            Shape::Map(map) => map.iter().find(|(key, ..)| key == name).map(|(.., value)| value),
            _ => None,
        }
    }

    /// Its members, if it is a list; itself, if it is anything else.
    pub fn members(&self) -> &[Tree] {
        match &self.value {
            Shape::List(list) => list,
            _ => std::slice::from_ref(self),
        }
    }
}

/// A list or map that is not finished yet.
struct Open {
    line: usize,
    kind: OpenKind,
}

enum OpenKind {
    List(Vec<Tree>),
    Map(Vec<(String, usize, Tree)>, HashSet<String>, Option<(String, usize)>),
}

/// Reads a file.
pub fn read(bytes: &[u8]) -> Result<Tree, Fault> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(Fault::new(0, format!("the file has more than {FILE_BYTES_MAX} bytes; split it up")));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes.get(..error.valid_up_to()).unwrap_or_default().split(|byte| *byte == b'\n').count();
        Fault::new(line, "this is not UTF-8")
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    // JSON writes what lies beyond sixteen bits as two escapes, which YAML does not know.
    let joined = if is_json { join_surrogates(text) } else { text.to_owned() };
    let mut reader = Reader { open: Vec::new(), done: None, count: 0 };
    for event in Parser::new_from_str(&joined) {
        let (event, span) = event.map_err(|error| {
            Fault::new(error.marker().line(), format!("this cannot be read: {}", error.info()))
        })?;
        reader.take(event, span.start.line())?;
    }
    reader.done.ok_or_else(|| Fault::new(0, "the file is empty"))
}

impl Reader {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Fault> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                no_anchor(anchor, line)?;
                if tag.is_some() {
                    return Err(Fault::new(line, "tags are not read; leave it out"));
                }
                let plain = style == ScalarStyle::Plain;
                let nothing = plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let value = if nothing { Shape::Nothing } else { Shape::Text(text.into_owned()) };
                self.put(Tree { line, value })
            }
            Event::SequenceStart(anchor, _) => self.begin(anchor, line, OpenKind::List(Vec::new())),
            Event::MappingStart(anchor, _) => {
                self.begin(anchor, line, OpenKind::Map(Vec::new(), HashSet::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(Open { line, kind: OpenKind::List(list) }) => {
                    self.put(Tree { line, value: Shape::List(list) })
                }
                Some(Open { line, kind: OpenKind::Map(map, ..) }) => {
                    self.put(Tree { line, value: Shape::Map(map) })
                }
                None => Ok(()),
            },
            Event::Alias(_) => Err(Fault::new(line, "aliases (`*name`) are not read; write it out")),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, anchor: usize, line: usize, kind: OpenKind) -> Result<(), Fault> {
        no_anchor(anchor, line)?;
        if self.open.len() >= DEPTH_MAX {
            return Err(Fault::new(line, format!("this nests more than {DEPTH_MAX} deep")));
        }
        self.open.push(Open { line, kind });
        Ok(())
    }

    fn put(&mut self, tree: Tree) -> Result<(), Fault> {
        self.count += 1;
        if self.count > VALUES_MAX {
            return Err(Fault::new(tree.line, format!("the file has more than {VALUES_MAX} values")));
        }
        match self.open.last_mut().map(|open| &mut open.kind) {
            None if self.done.is_some() => Err(Fault::new(tree.line, "a file holds one document")),
            None => {
                self.done = Some(tree);
                Ok(())
            }
            Some(OpenKind::List(list)) => {
                list.push(tree);
                Ok(())
            }
            Some(OpenKind::Map(map, names, waiting)) => match (waiting.take(), tree.value) {
                (Some((name, line)), value) => {
                    map.push((name, line, Tree { line: tree.line, value }));
                    Ok(())
                }
                (None, Shape::Text(name)) if names.insert(name.clone()) => {
                    *waiting = Some((name, tree.line));
                    Ok(())
                }
                (None, Shape::Text(name)) => {
                    Err(Fault::new(tree.line, format!("`{}` stands here twice", short(&name))))
                }
                (None, _) => Err(Fault::new(tree.line, "a name is a text")),
            },
        }
    }
}

struct Reader {
    open: Vec<Open>,
    done: Option<Tree>,
    count: usize,
}

fn no_anchor(anchor: usize, line: usize) -> Result<(), Fault> {
    match anchor {
        0 => Ok(()),
        _ => Err(Fault::new(line, "anchors (`&name`) are not read; write it out where it is meant")),
    }
}

/// What somebody wrote, cut to what an answer may repeat.
pub fn short(text: &str) -> String {
    text.chars().take(200).collect()
}

/// `\ud83d\ude00` as the one character that both together are.
fn join_surrogates(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let unit = |text: &str| {
            let digits = text.strip_prefix("\\u").and_then(|rest| rest.get(..4));
            digits.and_then(|digits| u16::from_str_radix(digits, 16).ok())
        };
        let pair = [unit(from), from.get(6..).and_then(unit)];
        let joined = match pair {
            [Some(high), Some(low)] => {
                char::decode_utf16([high, low]).next().and_then(Result::ok).filter(|_| high >= 0xd800)
            }
            _ => None,
        };
        match joined {
            Some(joined) if u32::from(joined) > 0xffff => {
                out.push(joined);
                rest = from.get(12..).unwrap_or_default();
            }
            _ => {
                // The backslash and what it escapes go out as they are, so that neither is read again.
                let next = from.chars().nth(1).map_or(0, char::len_utf8);
                out.push_str(from.get(..1 + next).unwrap_or(from));
                rest = from.get(1 + next..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}
