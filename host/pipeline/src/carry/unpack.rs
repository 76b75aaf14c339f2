//! Out of a file, into a database. A file is read through once before anything is written, so that one that
//! was cut or changed changes nothing here.

use std::io::{self, Read};
use std::sync::Arc;

use flate2::read::GzDecoder;
use journal::unhex;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};
use store::carry::{CarriedAccount, CarriedToken};
use store::{State, Store};
use tokio::sync::mpsc;
use valueflows::Instant;

use super::{
    Arrival, CONFIGURATION, Carried, CarryError, END, End, FORMAT, Kind, MANIFEST, Manifest, SECRETS, Stretch,
};
use crate::limits::{MEMBER_BYTES_MAX, MEMBERS_AHEAD};

/// Opens the file from its beginning.
pub type Open = Arc<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// Whatever ends early is cut off, at whichever depth it is noticed.
fn reading(error: io::Error) -> CarryError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => CarryError::Truncated,
        _ => CarryError::Changed(error.to_string()),
    }
}

/// Reads a file through: every member, digested and counted as its last one says.
pub fn check(open: &Open) -> Result<(Manifest, End), CarryError> {
    let mut tar = tar::Archive::new(GzDecoder::new(open()?));
    let (mut digest, mut members) = (Sha256::new(), 0);
    let (mut manifest, mut end) = (None, None);
    for member in tar.entries().map_err(reading)? {
        let (name, bytes) = read(member)?;
        if end.is_some() {
            return Err(CarryError::Changed("something follows its end".into()));
        }
        if name == END {
            end = Some(parse::<End>(&bytes)?);
            continue;
        }
        if members == 0 {
            manifest = Some(first(&name, &bytes)?);
        }
        digest.update((name.len() as u64).to_be_bytes());
        digest.update(name.as_bytes());
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(&bytes);
        members += 1;
    }
    let (Some(manifest), Some(end)) = (manifest, end) else { return Err(CarryError::Truncated) };
    let found = End { members, sha256: journal::hex(&digest.finalize()) };
    match found == end {
        true => Ok((manifest, end)),
        false => Err(CarryError::Changed("its members are not what its end says".into())),
    }
}

fn first(name: &str, bytes: &[u8]) -> Result<Manifest, CarryError> {
    if name != MANIFEST {
        return Err(CarryError::Foreign(format!("it begins with `{name}`")));
    }
    let json: Json = parse(bytes)?;
    match json.get("format").and_then(Json::as_u64) {
        Some(format) if format == u64::from(FORMAT) => parse(bytes),
        format => Err(CarryError::Foreign(format!(
            "its format is {}, this program reads {FORMAT}",
            format.map_or("unknown".to_owned(), |format| format.to_string())
        ))),
    }
}

fn read(member: io::Result<tar::Entry<'_, impl Read>>) -> Result<(String, Vec<u8>), CarryError> {
    let mut member = member.map_err(reading)?;
    let name = member.path().map_err(reading)?.to_string_lossy().into_owned();
    if member.size() > MEMBER_BYTES_MAX {
        return Err(CarryError::Changed(format!("`{name}` is larger than any member is")));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(member.size()).unwrap_or_default());
    member.read_to_end(&mut bytes).map_err(reading)?;
    Ok((name, bytes))
}

/// The members that hold something to take in, in order; they are read and unpacked on a thread of their own
/// while those before them are written.
pub(crate) fn members(open: &Open) -> mpsc::Receiver<Result<(String, Vec<u8>), CarryError>> {
    let (sender, receiver) = mpsc::channel(MEMBERS_AHEAD);
    let open = open.clone();
    tokio::task::spawn_blocking(move || {
        let all = || -> Result<(), CarryError> {
            let mut tar = tar::Archive::new(GzDecoder::new(open()?));
            for member in tar.entries().map_err(reading)? {
                let (name, bytes) = read(member)?;
                let wanted = name != MANIFEST && name != END;
                if wanted && sender.blocking_send(Ok((name, bytes))).is_err() {
                    break;
                }
            }
            Ok(())
        };
        if let Err(error) = all() {
            let _ = sender.blocking_send(Err(error));
        }
    });
    receiver
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, CarryError> {
    serde_json::from_slice(bytes).map_err(|error| CarryError::Changed(error.to_string()))
}

/// What is read out of a file besides networks.
#[derive(Debug, Default)]
pub struct Restored {
    /// The networks.
    pub networks: usize,
    /// Their entries.
    pub entries: u64,
    /// The node's configuration, if it had one.
    pub configuration: Option<String>,
}

/// Fills an empty database from a backup; one that was begun with the same backup is gone on with.
/// `progress` is told the entries done.
pub async fn restore(
    store: &Store,
    open: &Open,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Restored, CarryError> {
    let (manifest, _) = tokio::task::block_in_place(|| check(open))?;
    if manifest.kind != Kind::Backup {
        return Err(CarryError::Refused(
            "this file carries one network, not a node; take it in with `reflow network adopt`".into(),
        ));
    }
    for head in store.networks().await? {
        if !manifest.networks.iter().any(|carried| carried.id == head.network) {
            return Err(CarryError::Refused(format!(
                "there is a network `{}` here already; restore into an empty database",
                head.name
            )));
        }
    }
    let mut restored = Restored { networks: manifest.networks.len(), ..Restored::default() };
    let mut unpack = Unpack { store, carried: None, name: None, arrival: None, done: 0, progress };
    let mut members = members(open);
    while let Some(member) = members.recv().await {
        let (name, bytes) = member?;
        match name.as_str() {
            SECRETS => secrets(store, &bytes).await?,
            CONFIGURATION => restored.configuration = Some(String::from_utf8_lossy(&bytes).into_owned()),
            _ => {
                if let Some(arrived) = unpack.member(&manifest, &name, &bytes).await? {
                    arrived.restored().await?;
                }
            }
        }
    }
    if let Some(last) = unpack.arrival.take() {
        last.restored().await?;
    }
    restored.entries = unpack.done;
    Ok(restored)
}

impl Arrival<'_> {
    async fn restored(self) -> Result<(), CarryError> {
        let state = State::parse(self.state()).unwrap_or(State::Live);
        self.end(state).await.map(drop)
    }
}

async fn secrets(store: &Store, bytes: &[u8]) -> Result<(), CarryError> {
    let secrets: Json = parse(bytes)?;
    for (name, value) in secrets.as_object().into_iter().flatten() {
        let Some(value) = value.as_str().and_then(unhex) else { continue };
        if store.secret(name, &value).await? != value {
            return Err(CarryError::Refused(format!(
                "this database has a secret `{name}` of its own; restore into an empty one"
            )));
        }
    }
    Ok(())
}

/// Takes the networks of a file in, one after the other.
pub(crate) struct Unpack<'a> {
    pub store: &'a Store,
    pub carried: Option<Carried>,
    /// What a network is called here, if not what it was called there.
    pub name: Option<&'a str>,
    pub arrival: Option<Arrival<'a>>,
    pub done: u64,
    pub progress: &'a (dyn Fn(u64) + Sync),
}

impl<'a> Unpack<'a> {
    /// Takes a member in; gives back the network that is complete because another begins.
    pub async fn member(
        &mut self,
        manifest: &Manifest,
        name: &str,
        bytes: &[u8],
    ) -> Result<Option<Arrival<'a>>, CarryError> {
        let unknown = || CarryError::Foreign(format!("nothing is known of `{name}` in it"));
        let parts: Vec<&str> = name.split('/').collect();
        match parts.as_slice() {
            ["components", file] => {
                let digest = file.strip_suffix(".wasm").ok_or_else(unknown)?;
                if sandbox::admission::digest(bytes) != digest {
                    return Err(CarryError::Changed(format!("the component `{digest}`")));
                }
                self.store.put_component(digest, bytes).await?;
                Ok(None)
            }
            ["charters", file] => {
                let name = file.strip_suffix(".json").ok_or_else(unknown)?;
                let book: Json = parse(bytes)?;
                let title = book.get("title").and_then(Json::as_str).unwrap_or_default();
                self.store.put_charter(name, title, &book.to_string()).await?;
                Ok(None)
            }
            ["networks", id, "keys.json"] => {
                let carried = manifest.networks.iter().find(|carried| carried.id.to_string() == *id);
                let carried = carried.ok_or_else(unknown)?;
                let keys: Vec<String> = parse(bytes)?;
                let keys = keys.iter().filter_map(|key| unhex(key)?.try_into().ok()).collect();
                let called = self.name.unwrap_or(&carried.name);
                let next = Arrival::begin(self.store, carried, called, keys).await?;
                self.carried = Some(carried.clone());
                Ok(self.arrival.replace(next))
            }
            ["networks", _, "accounts.json"] => {
                let arrival = self.arrival.as_mut().ok_or_else(unknown)?;
                arrival.people(&parse(bytes)?).await?;
                Ok(None)
            }
            // Under its record's name alone, as files of earlier days have it: a picture.
            ["networks", _, "pictures", record] | ["networks", _, "blobs", record, _] => {
                let arrival = self.arrival.as_mut().ok_or_else(unknown)?;
                let record = record.parse().map_err(|_| unknown())?;
                arrival.blob(record, bytes).await?;
                Ok(None)
            }
            ["networks", _, "journal", _] => {
                let arrival = self.arrival.as_mut().ok_or_else(unknown)?;
                let carried = self.carried.as_ref().ok_or_else(unknown)?;
                let stretch = Stretch::from_bytes(carried.id, bytes)?;
                self.done += stretch.entries.len() as u64;
                arrival.take(stretch).await?;
                (self.progress)(self.done);
                Ok(None)
            }
            _ => Err(unknown()),
        }
    }
}

impl Arrival<'_> {
    /// Takes accounts, tokens and keys in. They mean nothing until the network is here.
    async fn people(&self, people: &Json) -> Result<(), CarryError> {
        let changed = || CarryError::Changed("an account cannot be read".into());
        let list = |name: &str| people.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
        let text = |one: &Json, name: &str| one.get(name).and_then(Json::as_str).map(str::to_owned);
        let id = |one: &Json, name: &str| text(one, name)?.parse().ok();
        let at = |one: &Json, name: &str| one.get(name).and_then(Json::as_i64).map(Instant);
        let account = |one: &Json| {
            Some(CarriedAccount {
                name: text(one, "name")?,
                password: text(one, "password")?,
                agent: id(one, "agent")?,
                created: at(one, "created")?,
                factor: match one.get("secondStep") {
                    Some(step) => Some((unhex(&text(step, "secret")?)?, at(step, "since")?)),
                    None => None,
                },
                recovery: match one.get("recovery").and_then(Json::as_array) {
                    Some(codes) => codes.iter().map(|code| unhex(code.as_str()?)).collect::<Option<_>>()?,
                    None => Vec::new(),
                },
            })
        };
        let token = |one: &Json| {
            Some(CarriedToken {
                digest: unhex(&text(one, "digest")?)?,
                account: text(one, "account"),
                agent: id(one, "agent")?,
                delegation: id(one, "delegation")?,
                name: text(one, "name")?,
                expires: at(one, "expires")?,
            })
        };
        let accounts: Option<Vec<_>> = list("accounts").iter().map(account).collect();
        let tokens: Option<Vec<_>> = list("tokens").iter().map(token).collect();
        self.take_people(&accounts.ok_or_else(changed)?, &tokens.ok_or_else(changed)?).await
    }
}
