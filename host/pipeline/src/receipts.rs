//! A decision in one file, for somebody without the journal: its entry with the proof that it stands in the log, and what
//! its plugins were asked, word for word, with what they said. Whoever has the file asks them again.
//!
//! The personal part of the entry stays where it is. What plugins were asked is in the file as they were: rows without
//! names of people, and places only where the charter lets a plugin see them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use journal::{Checkpoint, Digest, Entry, Salt, hex, merkle, unhex};
use sandbox::{Case, Verdicts};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use valueflows::{Id, Instant};

use crate::entry::Written;
use crate::error::Rejection;
use crate::limits::{VERIFY_BATCH, WHAT_IF_MAX};
use crate::plugins::Memo;
use crate::reader::Reader;
use crate::simulation::Simulation;

/// What stands first in such a file.
pub const FORMAT: &str = "reflow-receipt/1";

/// What a plugin was asked, and what it said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Its name.
    pub plugin: String,
    /// The digest of its component, in hexadecimal.
    pub component: String,
    /// What it was asked.
    pub case: Case,
    /// What it said.
    pub verdicts: Verdicts,
    /// The fuel that it took.
    pub fuel: u64,
    /// The digest of all that it was asked, as the entry has it.
    pub input: String,
}

/// A file, read and held against itself.
#[derive(Debug, Clone)]
pub struct DecisionFile {
    /// The network's name, and its id.
    pub network: (String, Id),
    /// Where its entry stands.
    pub seq: u64,
    /// When it was decided.
    pub at: Instant,
    /// `permit` or `refuse`.
    pub verdict: String,
    /// How many entries the signed log had, and the public key that signed it, in hexadecimal.
    pub log: (u64, String),
    /// The hash of the engine's profile; fuel is compared under an equal one only.
    pub engine: Option<String>,
    /// What was asked of plugins.
    pub calls: Vec<Call>,
    /// The components by their digests.
    pub components: BTreeMap<String, Vec<u8>>,
}

impl Reader {
    /// The file of a decision that the reader may know of.
    pub async fn receipt_file(&mut self, command: Id) -> Result<Option<Json>, Rejection> {
        let Some((receipt, written)) = self.decision(command).await? else { return Ok(None) };
        let seq = receipt.seq;
        if seq > WHAT_IF_MAX {
            return Err(Rejection::TooMuchToRead);
        }
        let calls = self.calls_of(seq, &written).await?;
        let (node, head) = (self.node.clone(), self.head.clone());
        let mut components = BTreeMap::new();
        for call in &calls {
            if !components.contains_key(&call.component) {
                let bytes = node.shelf.bytes(&node.store, &call.component).await?;
                components.insert(call.component.clone(), STANDARD.encode(bytes));
            }
        }
        let points = node.store.checkpoints_from(&head, seq, 1).await?;
        let (point, note) = points.first().ok_or_else(|| Rejection::Internal("no checkpoint".into()))?;
        let signed = |key: &[u8; 32]| point.check(note, key).is_ok();
        let key = node.known_signers(&head).await?.into_iter().find(signed);
        let key = key.ok_or_else(|| Rejection::Internal("a checkpoint that nobody signed".into()))?;
        let leaves = node.store.entry_hashes(&head, point.size).await?;
        let path = merkle::inclusion(&leaves, usize::try_from(seq - 1).unwrap_or(usize::MAX));
        let path = path.ok_or_else(|| Rejection::Internal("the log does not reach the entry".into()))?;
        let entries = node.store.entries_from(&head, seq, 1).await?;
        let (entry, _) = entries.first().ok_or_else(|| Rejection::Internal("an entry was lost".into()))?;
        // What it follows is not kept beside it: it is the one before.
        let before = usize::try_from(seq).ok().and_then(|seq| leaves.get(seq.checked_sub(2)?));
        let entry = Entry { previous: before.copied().unwrap_or_default(), ..entry.clone() };
        Ok(Some(json!({
            "format": FORMAT,
            "network": {"name": head.name, "id": head.network},
            "entry": written_out(&entry),
            "log": {"note": note, "size": point.size, "root": point.root.to_string(), "key": hex(&key),
                    "path": path.iter().map(Digest::to_string).collect::<Vec<_>>()},
            "calls": calls, "components": components,
        })))
    }

    /// What the plugins of a decision were asked: it is judged again, on the books as they were.
    async fn calls_of(&mut self, seq: u64, written: &Written) -> Result<Vec<Call>, Rejection> {
        let (node, head) = (self.node.clone(), self.head.clone());
        let book = node.store.entries_from(&head, written.book().max(1), 1).await?;
        let (book, _) = book.first().ok_or_else(|| Rejection::Internal("the rules' entry is lost".into()))?;
        let rules = Arc::new(node.rules_of(book.seq, &book.body()?).await?);
        let memo = Arc::new(Memo::keeping_calls());
        let mut simulation = Simulation::new(rules, memo.clone(), head.network, head.sandbox);
        let (mut at, mut judged) = (0, None);
        while at < seq {
            let entries = node.store.entries_from(&head, at + 1, VERIFY_BATCH).await?;
            if entries.is_empty() {
                break;
            }
            for (entry, _) in entries.into_iter().filter(|(entry, _)| entry.seq <= seq) {
                at = entry.seq;
                let read = Written::of(&entry)?;
                match entry.seq == seq {
                    true => judged = Some((entry, read)),
                    false => simulation.take(&read),
                }
            }
        }
        let (entry, read) = judged.ok_or_else(|| Rejection::Internal("an entry was lost".into()))?;
        if entry.is_erased() {
            return Err(Rejection::Rules(
                "what was said in this decision has been erased: it cannot be judged again, and no file can be made of it"
                    .into(),
            ));
        }
        let again = move || simulation.again(&read, entry.at, &entry.books_salt);
        let decision = node.pool.run(head.key, again).await??;
        match decision == written.decision() {
            true => Ok(memo.calls()),
            false => Err(Rejection::Rules(
                "judged again, this decision comes out differently: look into it with `reflow verify`".into(),
            )),
        }
    }
}

fn written_out(entry: &Entry) -> Json {
    json!({
        "seq": entry.seq, "at": entry.at.0, "previous": entry.previous.to_string(), "command": entry.command,
        "books": String::from_utf8_lossy(&entry.books), "salt": hex(&entry.books_salt),
        "personal": entry.personal_commitment.to_string(), "format": entry.format,
    })
}

#[derive(Deserialize)]
struct File {
    format: String,
    network: Named,
    entry: Kept,
    log: Log,
    calls: Vec<Call>,
    components: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    id: Id,
}

#[derive(Deserialize)]
struct Kept {
    seq: u64,
    at: i64,
    previous: String,
    command: Id,
    books: String,
    salt: String,
    personal: String,
    format: u32,
}

#[derive(Deserialize)]
struct Log {
    note: String,
    size: u64,
    root: String,
    key: String,
    path: Vec<String>,
}

impl DecisionFile {
    /// Reads a file, and holds it against itself: the entry stands in the log that was signed, and names what its plugins
    /// were asked. The sentence says what does not fit.
    pub fn read(bytes: &[u8]) -> Result<DecisionFile, String> {
        let file: File =
            serde_json::from_slice(bytes).map_err(|error| format!("it is no receipt: {error}"))?;
        if file.format != FORMAT {
            return Err(format!("it is a `{}`, and this program reads `{FORMAT}`", file.format));
        }
        let digest = |text: &str| {
            let bytes = unhex(text).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
            bytes.map(Digest).ok_or_else(|| format!("`{text}` is no digest"))
        };
        let salt = unhex(&file.entry.salt).and_then(|bytes| Salt::try_from(bytes).ok());
        let entry = Entry {
            network: file.network.id,
            seq: file.entry.seq,
            at: Instant(file.entry.at),
            previous: digest(&file.entry.previous)?,
            books: file.entry.books.into_bytes(),
            books_salt: salt.ok_or("the salt of its entry is none")?,
            personal: None,
            personal_commitment: digest(&file.entry.personal)?,
            format: file.entry.format,
            command: file.entry.command,
        };
        let leaf = entry.hash().map_err(|error| error.to_string())?;
        let path = file.log.path.iter().map(|text| digest(text)).collect::<Result<Vec<_>, _>>()?;
        let root = digest(&file.log.root)?;
        if !merkle::includes(&root, file.log.size, entry.seq.wrapping_sub(1), &leaf, &path) {
            return Err("its entry does not stand in the log that it names".to_owned());
        }
        let point = Checkpoint { network: file.network.id, size: file.log.size, root };
        let key = digest(&file.log.key)?;
        point.check(&file.log.note, &key.0).map_err(|error| error.to_string())?;
        let books = journal::canonical::parse(&entry.books).map_err(|error| error.to_string())?;
        let judged = books.get("judged").cloned().unwrap_or_default();
        let named = inputs(&judged);
        if let Some(call) = file.calls.iter().find(|call| !named.contains(&call.input)) {
            return Err(format!("its entry knows nothing of what `{}` was asked in it", call.plugin));
        }
        if named.iter().any(|input| file.calls.iter().all(|call| call.input != *input)) {
            return Err("it leaves out something that was asked".to_owned());
        }
        let mut components = BTreeMap::new();
        for (name, text) in file.components {
            let bytes = STANDARD.decode(text).map_err(|_| format!("the component `{name}` is not base64"))?;
            if sandbox::admission::digest(&bytes) != name {
                return Err(format!("the component `{name}` is another one"));
            }
            components.insert(name, bytes);
        }
        let said = |name: &str| judged.get(name).and_then(Json::as_str).map(str::to_owned);
        Ok(DecisionFile {
            network: (file.network.name, file.network.id),
            seq: entry.seq,
            at: entry.at,
            verdict: said("verdict").unwrap_or_default(),
            log: (file.log.size, file.log.key),
            engine: said("engine"),
            calls: file.calls,
            components,
        })
    }
}

/// The digests of what was asked, wherever a ruling notes one.
fn inputs(judged: &Json) -> Vec<String> {
    match judged {
        Json::Object(map) => {
            let own = map.get("input").and_then(Json::as_str).map(str::to_owned);
            own.into_iter().chain(map.values().flat_map(inputs)).collect()
        }
        Json::Array(list) => list.iter().flat_map(inputs).collect(),
        _ => Vec::new(),
    }
}
