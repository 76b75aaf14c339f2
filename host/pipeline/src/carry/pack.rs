//! Out of a database, into a file.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use store::{Head, Store};
use valueflows::Id;

use super::{
    CONFIGURATION, Carried, CarryError, END, End, FORMAT, Kind, MANIFEST, Manifest, SECRETS, Stretch,
};
use crate::limits::CARRIED_ENTRIES;
use crate::node::Node;

/// What is carried.
#[derive(Debug, Clone)]
pub enum What<'a> {
    /// The whole node, with its configuration, if it has one.
    Node {
        /// The configuration's text.
        configuration: Option<&'a str>,
    },
    /// One network.
    Network {
        /// Its head.
        head: &'a Head,
        /// Whether it is only to be read elsewhere.
        copy: bool,
    },
}

impl Node {
    /// Writes a file; answers with its last member, by whose digest two files are told apart. A running node
    /// goes on: each network is carried as it stood when its turn came. `progress` is told the entries done.
    pub async fn pack(
        &self,
        what: What<'_>,
        out: impl Write + Send,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<End, CarryError> {
        let (kind, heads) = match &what {
            What::Node { .. } => (Kind::Backup, self.store.networks().await?),
            What::Network { head, copy: false } => (Kind::Network, vec![(*head).clone()]),
            What::Network { head, copy: true } => (Kind::Copy, vec![(*head).clone()]),
        };
        let mut pack = Pack::new(out);
        let manifest = Manifest {
            format: FORMAT,
            kind,
            made: crate::node::now().0,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            networks: heads.iter().map(Carried::of).collect(),
        };
        pack.json(MANIFEST, &serde_json::to_value(&manifest).map_err(io::Error::other)?)?;
        if let What::Node { configuration } = what {
            let key = self.store.known_secret(crate::node::KEY_SECRET).await?;
            let hooks = self.store.known_secret(store::secrets::HOOKS).await?;
            let hex = |key: Option<Vec<u8>>| key.map(|key| journal::hex(&key));
            let secrets = json!({crate::node::KEY_SECRET: hex(key), store::secrets::HOOKS: hex(hooks)});
            pack.json(SECRETS, &secrets)?;
            if let Some(text) = configuration {
                pack.member(CONFIGURATION, text.as_bytes())?;
            }
        }
        for digest in self.needed(kind, &heads).await? {
            let bytes = self.shelf.bytes(&self.store, &digest).await?;
            pack.member(&format!("components/{digest}.wasm"), &bytes)?;
        }
        if kind == Kind::Backup {
            for (name, _) in self.store.charters().await? {
                let book = self.store.charter(&name).await?.unwrap_or_default();
                pack.member(&format!("charters/{name}.json"), book.as_bytes())?;
            }
        }
        let mut done = 0;
        for head in &heads {
            self.pack_network(&mut pack, head, &|entries| progress(done + entries)).await?;
            done += head.seq;
        }
        pack.end()
    }

    /// The components that go along: all that lie on the shelf, or those that a network's rules name.
    async fn needed(&self, kind: Kind, heads: &[Head]) -> Result<Vec<String>, CarryError> {
        if kind == Kind::Backup {
            return Ok(self.store.components().await?);
        }
        let mut needed = Vec::new();
        let kept = self.store.components().await?;
        for head in heads {
            let rules = self.rules(head).await?;
            needed.extend(rules.bound.iter().map(|bound| bound.binding.component.clone()));
            // What is out of use goes along where it is there: it may be put in use again.
            let withheld = rules.withheld.iter().map(|one| one.component.clone());
            needed.extend(withheld.filter(|component| kept.contains(component)));
        }
        needed.sort();
        needed.dedup();
        Ok(needed)
    }

    async fn pack_network(
        &self,
        pack: &mut Pack<impl Write + Send>,
        head: &Head,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<(), CarryError> {
        let folder = format!("networks/{}", head.network);
        pack.json(&format!("{folder}/keys.json"), &self.signers(head).await?)?;
        pack.json(&format!("{folder}/accounts.json"), &accounts(&self.store, head).await?)?;
        let mut after = (Id::default(), String::new());
        while let Some(one) = self.store.blob_after(head.key, after.0, &after.1).await? {
            let digest = one.name.rsplit(';').next().unwrap_or_default();
            pack.member(&format!("{folder}/blobs/{}/{digest}", one.record), &one.bytes)?;
            after = (one.record, one.name);
        }
        let mut seq = 0;
        while seq < head.seq {
            let stretch = self.stretch(head, seq).await?;
            pack.member(&format!("{folder}/journal/{:012}.jsonl", seq + 1), &stretch.to_bytes())?;
            seq = stretch.entries.last().map_or(head.seq, |(entry, _)| entry.seq);
            progress(seq);
        }
        Ok(())
    }

    /// The public keys that checkpoints of a network may be signed with: this node's, and those of the
    /// nodes where it lived before.
    async fn signers(&self, head: &Head) -> Result<Json, CarryError> {
        let keys = self.known_signers(head).await?;
        Ok(keys.iter().map(|key| journal::hex(key)).collect())
    }

    /// The entries after a position, up to the head and no more than go into one member.
    pub(super) async fn stretch(&self, head: &Head, after: u64) -> Result<Stretch, CarryError> {
        let mut entries = self.store.entries_from(head, after + 1, CARRIED_ENTRIES).await?;
        entries.retain(|(entry, _)| entry.seq <= head.seq);
        let last = entries.last().map(|(entry, _)| entry.seq);
        let last = last.ok_or_else(|| {
            CarryError::Refused(format!("entry {} of `{}` is missing", after + 1, head.name))
        })?;
        let mut checkpoints = self.store.checkpoints_from(head, after + 1, CARRIED_ENTRIES).await?;
        checkpoints.retain(|(point, _)| point.size <= last);
        Ok(Stretch { entries, checkpoints })
    }
}

async fn accounts(store: &Store, head: &Head) -> Result<Json, CarryError> {
    let accounts = store.carried_accounts(head.key).await?;
    let accounts: Json = accounts
        .iter()
        .map(|one| {
            let mut json = json!({"name": one.name, "password": one.password, "agent": one.agent,
                                  "created": one.created.0});
            if let (Json::Object(map), Some((secret, since))) = (&mut json, &one.factor) {
                let codes: Vec<String> = one.recovery.iter().map(|digest| journal::hex(digest)).collect();
                map.insert("secondStep".into(), json!({"secret": journal::hex(secret), "since": since.0}));
                map.insert("recovery".into(), json!(codes));
            }
            json
        })
        .collect();
    let tokens = store.carried_tokens(head.key).await?;
    let tokens: Json = tokens
        .iter()
        .map(|one| {
            json!({
                "digest": journal::hex(&one.digest), "account": one.account, "agent": one.agent,
                "delegation": one.delegation, "name": one.name, "expires": one.expires.0,
            })
        })
        .collect();
    Ok(json!({"accounts": accounts, "tokens": tokens}))
}

/// What two databases that hold the same have in common: the digest over everything that would be carried,
/// whatever the engine and the hour.
pub async fn fingerprint(node: &Node) -> Result<String, CarryError> {
    let mut digest = Sha256::new();
    for head in node.store.networks().await? {
        let carried = serde_json::to_vec(&Carried::of(&head)).map_err(io::Error::other)?;
        digest.update(&carried);
        let mut inside = Pack::new(io::sink());
        node.pack_network(&mut inside, &head, &|_| {}).await?;
        digest.update(inside.end()?.sha256);
    }
    Ok(journal::hex(&digest.finalize()))
}

/// A file that is being written.
struct Pack<W: Write> {
    tar: tar::Builder<GzEncoder<W>>,
    digest: Sha256,
    members: u64,
}

impl<W: Write> Pack<W> {
    fn new(out: W) -> Pack<W> {
        let tar = tar::Builder::new(GzEncoder::new(out, Compression::fast()));
        Pack { tar, digest: Sha256::new(), members: 0 }
    }

    fn json(&mut self, name: &str, json: &Json) -> io::Result<()> {
        self.member(name, json.to_string().as_bytes())
    }

    fn member(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.digest.update((name.len() as u64).to_be_bytes());
        self.digest.update(name.as_bytes());
        self.digest.update((bytes.len() as u64).to_be_bytes());
        self.digest.update(bytes);
        self.members += 1;
        self.append(name, bytes)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(0);
        tokio::task::block_in_place(|| self.tar.append_data(&mut header, name, bytes))
    }

    fn end(mut self) -> Result<End, CarryError> {
        let end = End { members: self.members, sha256: journal::hex(&self.digest.clone().finalize()) };
        let json = serde_json::to_vec(&end).map_err(io::Error::other)?;
        self.append(END, &json)?;
        let mut out = self.tar.into_inner()?.finish()?;
        out.flush()?;
        Ok(end)
    }
}
