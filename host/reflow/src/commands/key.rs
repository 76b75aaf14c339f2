//! `reflow key`, and `--key`: the secret half stays in a file and in this process; the node is sent signatures.

use std::io::{Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use journal::signature::{self, AgentKey};
use pipeline::acts::{Held, KeyPair};
use serde_json::{Value as Json, json};
use valueflows::Id;

use super::{act_as, agent_name, agent_of, ask, network_name, text};
use crate::cli::{Cli, Key};
use crate::console::{Acting, Request};
use crate::output::{Failure, say};

/// The keys of a file, from the first on: each is the next of the one before it.
struct File {
    secrets: Vec<[u8; 32]>,
}

impl File {
    fn made() -> Result<File, Failure> {
        Ok(File { secrets: vec![pipeline::node::random()?, pipeline::node::random()?] })
    }

    fn read(path: &Path) -> Result<File, Failure> {
        let unreadable =
            |why: String| Failure::Usage(format!("`{}` is no file of keys: {why}", path.display()));
        let bytes = std::fs::read(path).map_err(|error| unreadable(error.to_string()))?;
        let json: Json = serde_json::from_slice(&bytes).map_err(|error| unreadable(error.to_string()))?;
        let secret = |text: &Json| {
            text.as_str().and_then(journal::unhex).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        };
        let secrets: Option<Vec<_>> =
            json.get("secrets").and_then(Json::as_array).and_then(|all| all.iter().map(secret).collect());
        match secrets {
            Some(secrets) if secrets.len() > 1 => Ok(File { secrets }),
            _ => Err(unreadable("it holds no key and next key".to_owned())),
        }
    }

    /// Beside it first, then in its place: no moment without the keys.
    fn write(&self, path: &Path, new: bool) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::Unreachable(format!("`{}`: {error}", path.display()));
        if new && path.exists() {
            let what = format!("`{}` is there already, and keys are not written over", path.display());
            return Err(Failure::Usage(what));
        }
        let secrets: Vec<String> = self.secrets.iter().map(|secret| journal::hex(secret)).collect();
        let beside = path.with_extension("new");
        let mut options = std::fs::OpenOptions::new();
        let mut file =
            options.write(true).create(true).truncate(true).mode(0o600).open(&beside).map_err(failed)?;
        let text =
            format!("{}\n", json!({"reflow": "keys of one member; keep it secret", "secrets": secrets}));
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        std::fs::rename(&beside, path).map_err(failed)
    }

    fn key(&self, n: usize) -> Result<AgentKey, Failure> {
        let secret =
            self.secrets.get(n).ok_or_else(|| Failure::Usage("there is no such key in it".into()))?;
        Ok(AgentKey::new(secret))
    }

    /// Where a public key lies in it.
    fn place(&self, public: &str) -> Option<usize> {
        self.secrets.iter().position(|secret| AgentKey::new(secret).public() == public)
    }

    /// What others are told of the nth and the one after it.
    fn pair(&self, n: usize) -> Result<KeyPair, Failure> {
        let next = signature::digest_of_key(&self.key(n + 1)?.public());
        Ok(KeyPair { key: self.key(n)?.public(), next, held: Held::Own })
    }

    /// The same as a document.
    fn shown(&self) -> Result<(String, Json), Failure> {
        let pair = self.pair(0)?;
        let shown = pair.to_string();
        Ok((shown.clone(), json!({"key": pair.key, "next": pair.next, "shown": shown})))
    }
}

/// The key of a file, to sign with.
pub(super) fn of_file(path: &Path) -> Result<AgentKey, Failure> {
    File::read(path)?.key(0)
}

/// Everything about keys.
pub(super) async fn key(cli: &Cli, key: &Key) -> Result<(), Failure> {
    match key {
        Key::New { file } => {
            let made = File::made()?;
            made.write(file, true)?;
            let (shown, document) = made.shown()?;
            say(cli.json, &document, || {
                format!(
                    "{} holds a key and the one after it: keep a copy somewhere else.\nothers are told: {shown}",
                    file.display()
                )
            });
            Ok(())
        }
        Key::Show { file } => {
            let (shown, document) = File::read(file)?.shown()?;
            say(cli.json, &document, || shown.clone());
            Ok(())
        }
        Key::Enrol { file, guardians, needed } => {
            let keys = File::read(file)?;
            let KeyPair { key, next, held } = keys.pair(0)?;
            let (guardians, needed) = named(cli, guardians, *needed).await?;
            let act = json!({"act": "enrolKey", "key": key, "next": next, "held": held.as_str(),
                             "guardians": guardians, "needed": needed});
            done(cli, act, &keys.key(0)?, "what you do with `--key` is signed with it from now on").await
        }
        Key::Rotate { file } => {
            let mut keys = File::read(file)?;
            let now = current(cli).await?.and_then(|public| keys.place(&public));
            let now = now.ok_or_else(|| {
                Failure::refused(
                    "other-key",
                    format!("the key that you use in this network is not in `{}`", file.display()),
                    "Name the file that it is in; if it is lost, ask your guardians for `reflow key recover`.",
                )
            })?;
            while keys.secrets.len() < now + 3 {
                keys.secrets.push(pipeline::node::random()?);
            }
            // Before it is said: a key that was lost would be the next one.
            keys.write(file, false)?;
            let KeyPair { key, next, held } = keys.pair(now + 1)?;
            let act = json!({"act": "rotateKey", "key": key, "next": next, "held": held.as_str()});
            done(
                cli,
                act,
                &keys.key(now + 1)?,
                "the next key is in its place; the file holds the one after it",
            )
            .await
        }
        Key::Guardians { file, names, needed } => {
            let keys = File::read(file)?;
            let (guardians, needed) = named(cli, names, *needed).await?;
            let act = json!({"act": "nameGuardians", "guardians": guardians, "needed": needed});
            done(cli, act, &of(cli, &keys, file).await?, "they can give you another key if this one is lost")
                .await
        }
        Key::Recover { member, shown } => {
            let pair: Result<KeyPair, _> = shown.parse();
            let KeyPair { key, next, held } = pair.map_err(|bad| Failure::Usage(bad.to_string()))?;
            let member = agent_of(cli, member).await?;
            let act = json!({"act": "recoverKey", "member": member, "key": key, "next": next, "held": held.as_str()});
            let reply = act_as(cli, vec![act]).await?;
            say(cli.json, &reply, || "you have said which key they are to have".to_owned());
            Ok(())
        }
        Key::Sign { file, next } => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text)?;
            let keys = File::read(file)?;
            let key = keys.key(usize::from(*next))?;
            let signature = key.sign(text.trim().as_bytes());
            say(cli.json, &json!({"key": key.public(), "signature": signature}), || signature.clone());
            Ok(())
        }
    }
}

async fn named(cli: &Cli, names: &[String], needed: Option<usize>) -> Result<(Vec<String>, usize), Failure> {
    let mut guardians = Vec::new();
    for name in names {
        guardians.push(agent_of(cli, name).await?);
    }
    let all = guardians.len();
    Ok((guardians, needed.unwrap_or(all)))
}

async fn done(cli: &Cli, act: Json, key: &AgentKey, says: &str) -> Result<(), Failure> {
    let acting = Acting {
        network: network_name(cli)?,
        agent: agent_name(cli)?,
        of: None,
        acts: vec![act],
        id: None,
        signed: None,
    };
    let reply = send(cli, acting, key).await?;
    say(cli.json, &reply, || says.to_owned());
    Ok(())
}

/// The key that `--as` uses in the network.
async fn current(cli: &Cli) -> Result<Option<String>, Failure> {
    let request = Request::KeyOf { network: network_name(cli)?, agent: agent_name(cli)? };
    Ok(ask(cli, request).await?.get("key").and_then(Json::as_str).map(str::to_owned))
}

/// The key of a file that `--as` uses in the network.
async fn of(cli: &Cli, keys: &File, path: &Path) -> Result<AgentKey, Failure> {
    match current(cli).await? {
        None => Err(Failure::refused(
            "no-key",
            "you have named no key in this network".to_owned(),
            "Name it first: `reflow key enrol FILE`.",
        )),
        Some(public) => match keys.place(&public) {
            Some(n) => keys.key(n),
            None => Err(Failure::refused(
                "other-key",
                format!("the key that you use in this network is not in `{}`", path.display()),
                "Name the file that it is in with `--key`.",
            )),
        },
    }
}

/// Sends acts, signed where `--key` names a file.
pub(super) async fn act(cli: &Cli, acting: Acting) -> Result<Json, Failure> {
    match &cli.key {
        None => ask(cli, Request::Act(acting)).await,
        Some(path) => {
            let key = of(cli, &File::read(path)?, path).await?;
            send(cli, acting, &key).await
        }
    }
}

/// Asks what there is to sign, signs it, sends it.
async fn send(cli: &Cli, acting: Acting, key: &AgentKey) -> Result<Json, Failure> {
    let to_sign = ask(cli, Request::ToSign(acting.clone())).await?;
    let signature = key.sign(text(&to_sign, "text").as_bytes());
    let mut signed = json!({"key": key.public(), "signature": signature});
    if let Json::Object(map) = &mut signed {
        for name in ["personal", "salt"] {
            if let Some(value) = to_sign.get(name) {
                map.insert(name.to_owned(), value.clone());
            }
        }
    }
    let id: Option<Id> = text(&to_sign, "id").parse().ok();
    ask(cli, Request::Act(Acting { id, signed: Some(signed), ..acting })).await
}
