//! Contexts: what the names in a file stand for. The official one is known by heart; none is ever fetched.

use std::collections::HashMap;

use valueflows::property::{HOUSE, VF};
use valueflows::said;

use crate::error::{Fault, Note, Remark};
use crate::tree::{Shape, Tree, short};

/// What a name in a file stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A word of JSON-LD itself.
    Keyword(String),
    /// A term of ValueFlows, by its local name.
    Vf(String),
    /// A house term, by its local name.
    House(String),
    /// Anything else, by its IRI.
    Foreign(String),
}

/// The names of one file.
#[derive(Debug, Clone)]
pub struct Context {
    vocab: String,
    prefixes: HashMap<String, String>,
}

impl Default for Context {
    fn default() -> Context {
        let known = [
            ("vf", VF),
            ("reflow", HOUSE),
            ("geo", "http://www.w3.org/2003/01/geo/wgs84_pos#"),
            ("om2", "http://www.ontology-of-units-of-measure.org/resource/om-2/"),
            ("xsd", "http://www.w3.org/2001/XMLSchema#"),
        ];
        let prefixes = known.map(|(prefix, iri)| (prefix.to_owned(), iri.to_owned())).into();
        Context { vocab: VF.to_owned(), prefixes }
    }
}

impl Context {
    /// Takes in what a file says about its names.
    pub fn read(&mut self, tree: &Tree, notes: &mut Vec<Note>) -> Result<(), Fault> {
        for member in tree.members() {
            match &member.value {
                Shape::Nothing => {}
                Shape::Text(iri) if mended(iri).is_some_and(|iri| is_official(&iri)) || is_official(iri) => {}
                Shape::Text(iri) => {
                    let reason = format!(
                        "the context `{}` is not fetched; say in the file what its names stand for",
                        short(iri)
                    );
                    return Err(Fault::new(member.line, reason));
                }
                Shape::Map(map) => {
                    for (name, line, value) in map {
                        self.define(name, *line, value, notes)?;
                    }
                }
                Shape::List(_) => return Err(Fault::new(member.line, "a context is no list of lists")),
            }
        }
        Ok(())
    }

    fn define(&mut self, name: &str, line: usize, value: &Tree, notes: &mut Vec<Note>) -> Result<(), Fault> {
        // A term's own definition may be an object; what it is called is what counts here.
        let iri = value.text().or_else(|| value.get("@id").and_then(Tree::text));
        let iri = match (name, iri) {
            ("@version" | "@language" | "@base" | "@protected", _) => return Ok(()),
            (_, Some(iri)) => iri,
            (_, None) if value.value == Shape::Nothing => return Ok(()),
            _ => return Err(Fault::new(line, format!("`{}` stands for no IRI", short(name)))),
        };
        let iri = match mended(iri) {
            None => iri.to_owned(),
            Some(mended) => {
                let text = said!("read-as", "`{}` is read as `{}`", short(iri), short(&mended));
                notes.push(Note::new(value.line, Remark::Mended, text));
                mended
            }
        };
        match name {
            "@vocab" => self.vocab = iri,
            name => {
                let iri = self.iri(&iri);
                self.prefixes.insert(name.to_owned(), iri);
            }
        }
        Ok(())
    }

    /// An id as a whole IRI, where its prefix is known.
    pub fn iri(&self, id: &str) -> String {
        match id.split_once(':') {
            Some((prefix, rest)) if !rest.starts_with("//") => match self.prefixes.get(prefix) {
                Some(iri) => format!("{iri}{rest}"),
                None => id.to_owned(),
            },
            _ => id.to_owned(),
        }
    }

    /// What a name stands for.
    pub fn term(&self, name: &str) -> Term {
        if name.starts_with('@') {
            return Term::Keyword(name.to_owned());
        }
        let iri = match self.prefixes.get(name) {
            Some(iri) => iri.clone(),
            None if name.contains(':') => self.iri(name),
            None => format!("{}{name}", self.vocab),
        };
        let iri = mended(&iri).unwrap_or(iri);
        // Latitude and longitude are borrowed by ValueFlows from the geographic vocabulary.
        let geo = ["lat", "long", "alt"].into_iter().find(|name| iri.ends_with(&format!("wgs84_pos#{name}")));
        match (iri.strip_prefix(VF), iri.strip_prefix(HOUSE), geo) {
            (Some(local), ..) => Term::Vf(local.to_owned()),
            (_, Some(local), _) => Term::House(local.to_owned()),
            (.., Some(local)) => Term::Vf(local.to_owned()),
            _ => Term::Foreign(iri),
        }
    }
}

/// The namespace as files of old write it: without the `s` of `https`.
fn mended(iri: &str) -> Option<String> {
    iri.strip_prefix("http://w3id.org/valueflows").map(|rest| format!("https://w3id.org/valueflows{rest}"))
}

fn is_official(iri: &str) -> bool {
    let known = ["https://w3id.org/valueflows", "https://www.valueflo.ws", "https://valueflo.ws"];
    known.iter().any(|start| iri.starts_with(start))
}
