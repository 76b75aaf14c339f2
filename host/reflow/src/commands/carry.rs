//! `reflow backup`, `restore`, `move`, and `network export`, `network adopt`.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use age::secrecy::{ExposeSecret, SecretString};
use indicatif::{ProgressBar, ProgressStyle};
use pipeline::Node;
use pipeline::carry::{self, CarryError, Open, What};
use serde_json::json;
use store::Store;

use crate::cli::{Adopt, Backup, Cli, ExportNetwork, Move, Passphrase, Restore};
use crate::commands::{ask, text};
use crate::console::Request;
use crate::home::Home;
use crate::output::{Failure, say};

impl From<CarryError> for Failure {
    fn from(error: CarryError) -> Failure {
        match error {
            CarryError::Rejected(rejection) => rejection.into(),
            CarryError::Io(error) => Failure::Unreachable(error.to_string()),
            CarryError::Truncated => Failure::refused("truncated", error.to_string(), "Nothing was changed."),
            CarryError::Foreign(_) => {
                Failure::refused("foreign-file", error.to_string(), "Nothing was changed.")
            }
            CarryError::Changed(_) => {
                Failure::refused("changed-file", error.to_string(), "Nothing was changed.")
            }
            CarryError::Refused(_) => {
                Failure::refused("not-taken-in", error.to_string(), "Nothing was changed.")
            }
        }
    }
}

fn bar(what: &'static str, entries: u64) -> ProgressBar {
    let bar = ProgressBar::new(entries);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {pos}/{len} entries, {eta} left") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

fn passphrase(given: &Passphrase) -> Result<Option<SecretString>, Failure> {
    let Some(path) = &given.passphrase_file else { return Ok(None) };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::Unreachable(format!("`{}`: {error}", path.display())))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(Failure::Usage(format!("`{}` holds no passphrase", path.display()))),
        text => Ok(Some(SecretString::from(text.to_owned()))),
    }
}

fn unreachable(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |error| Failure::Unreachable(format!("`{}`: {error}", path.display()))
}

/// A file that appears under its name only when it is whole and on the disk.
struct Draft {
    path: PathBuf,
    draft: PathBuf,
    file: File,
}

impl Draft {
    fn begin(path: &Path) -> Result<Draft, Failure> {
        if path.exists() {
            return Err(Failure::refused(
                "file-exists",
                format!("`{}` is there already", path.display()),
                "Choose another name; nothing is written over.",
            ));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let draft = path.with_file_name(format!("{name}.part"));
        // Passwords and keys are in it: nobody else reads it, encrypted or not.
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(true).mode(0o600).open(&draft);
        Ok(Draft { path: path.to_owned(), file: file.map_err(unreachable(path))?, draft })
    }

    fn finish(self) -> Result<u64, Failure> {
        self.file.sync_all()?;
        let bytes = self.file.metadata()?.len();
        std::fs::rename(&self.draft, &self.path).map_err(unreachable(&self.path))?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(bytes)
    }
}

/// Writes a file, encrypted to a passphrase or openly; answers with its size.
async fn write(
    node: &Node,
    what: What<'_>,
    path: &Path,
    given: &Passphrase,
    entries: u64,
) -> Result<u64, Failure> {
    let secret = passphrase(given)?;
    if secret.is_none() && !given.unencrypted {
        return Err(Failure::Usage(
            "the file will hold passwords' hashes and keys: give `--passphrase-file FILE`, or `--unencrypted`".into(),
        ));
    }
    let draft = Draft::begin(path)?;
    let bar = bar("packing", entries);
    let progress = |done| bar.set_position(done);
    let out = BufWriter::new(&draft.file);
    let outcome = match secret {
        None => node.pack(what, out, &progress).await.map_err(Failure::from),
        Some(secret) => {
            let sealed = age::Encryptor::with_user_passphrase(secret).wrap_output(out);
            let mut sealed = sealed.map_err(std::io::Error::other)?;
            let outcome = node.pack(what, &mut sealed, &progress).await;
            sealed.finish()?.flush()?;
            outcome.map_err(Failure::from)
        }
    };
    bar.finish_and_clear();
    match outcome {
        Ok(_) => draft.finish(),
        Err(failure) => {
            let _ = std::fs::remove_file(&draft.draft);
            Err(failure)
        }
    }
}

/// Opens a file as often as it is read, whether it is encrypted or not.
pub fn opener(path: &Path, secret: Option<SecretString>) -> Open {
    let path = path.to_owned();
    let secret = secret.map(|secret| secret.expose_secret().to_owned());
    Arc::new(move || -> std::io::Result<Box<dyn Read + Send>> {
        let file = File::open(&path)
            .map_err(|error| std::io::Error::new(error.kind(), format!("`{}`: {error}", path.display())))?;
        let mut file = BufReader::new(file);
        let sealed = std::io::BufRead::fill_buf(&mut file)?.starts_with(b"age-encryption.org/");
        let other = |sentence: &str| std::io::Error::new(std::io::ErrorKind::InvalidInput, sentence);
        match (&secret, sealed) {
            (_, false) => Ok(Box::new(file)),
            (None, true) => Err(other("the file is encrypted: give its `--passphrase-file`")),
            (Some(secret), true) => {
                let identity = age::scrypt::Identity::new(SecretString::from(secret.clone()));
                let opened = age::Decryptor::new_buffered(file).map_err(std::io::Error::other)?;
                let reader = opened.decrypt(std::iter::once(&identity as &dyn age::Identity));
                match reader {
                    Ok(reader) => Ok(Box::new(reader)),
                    Err(_) => Err(other("the passphrase does not open this file")),
                }
            }
        }
    })
}

/// Writes the whole node into one file, while it runs or not.
pub async fn backup(cli: &Cli, backup: &Backup) -> Result<(), Failure> {
    let home = Home::existing(&cli.data)?;
    let node = home.node(cli).await?;
    let configuration = crate::config::read(cli)?.1.map(std::fs::read_to_string).transpose()?;
    let what = What::Node { configuration: configuration.as_deref() };
    let heads = node.store().networks().await?;
    let entries = heads.iter().map(|head| head.seq).sum();
    let bytes = write(&node, what, &backup.file, &backup.passphrase, entries).await?;
    node.close().await;
    let document = json!({"file": backup.file, "networks": heads.len(), "entries": entries, "bytes": bytes});
    say(cli.json, &document, || {
        format!(
            "{} networks with {entries} entries in `{}`, {:.1} MB\nits way back: `reflow --data NEW restore {}`",
            heads.len(),
            backup.file.display(),
            bytes as f64 / 1e6,
            backup.file.display()
        )
    });
    Ok(())
}

/// Fills an empty data folder, or an empty database, from a backup.
pub async fn restore(cli: &Cli, restore: &Restore) -> Result<(), Failure> {
    let mut home = Home::open(&cli.data)?;
    if !home.lock()? {
        return Err(Failure::refused(
            "already-running",
            "a node is running on this folder",
            "Restore into another folder with `--data`.",
        ));
    }
    let open = opener(&restore.file, passphrase(&restore.passphrase)?);
    // Read through first: a file that cannot be used leaves no database behind.
    let (manifest, _) = tokio::task::block_in_place(|| carry::check(&open))?;
    let entries = manifest.networks.iter().map(|network| network.seq).sum();
    let store = home.store(cli).await?;
    let bar = bar("restoring", entries);
    let restored = carry::restore(&store, &open, &|done| bar.set_position(done)).await;
    bar.finish_and_clear();
    let restored = restored?;
    if let Some(configuration) = &restored.configuration
        && !home.path("reflow.toml").exists()
    {
        std::fs::write(home.path("reflow.toml"), configuration)?;
    }
    store.close().await;
    let document = json!({"networks": restored.networks, "entries": restored.entries});
    say(cli.json, &document, || {
        format!(
            "{} networks with {} entries are here again\nnext: `reflow --data {} verify`",
            restored.networks,
            restored.entries,
            cli.data.display()
        )
    });
    Ok(())
}

/// Writes one network into a file; unless it is a copy, the network ends here.
pub async fn export_network(cli: &Cli, export: &ExportNetwork) -> Result<(), Failure> {
    let home = Home::existing(&cli.data)?;
    let node = home.node(cli).await?;
    let mut head = node.head(&export.name).await?;
    if !export.copy {
        // Before the network ends: what would fail afterwards must fail now.
        passphrase(&export.passphrase)?;
        let to = export.to.clone().unwrap_or_default();
        ask(cli, Request::Depart { network: export.name.clone(), to }).await?;
        head = node.head(&export.name).await?;
    }
    let what = What::Network { head: &head, copy: export.copy };
    let bytes = write(&node, what, &export.file, &export.passphrase, head.seq).await?;
    node.close().await;
    let document = json!({
        "network": head.name, "file": export.file, "entries": head.seq, "head": head.hash.to_string(),
        "copy": export.copy, "bytes": bytes,
    });
    say(cli.json, &document, || {
        let next = match export.copy {
            true => "a copy to read; the network lives on here".to_owned(),
            false => format!(
                "`{}` has ended here; it goes on where you run `reflow network adopt {}`",
                head.name,
                export.file.display()
            ),
        };
        format!("{} entries in `{}`, head {}\n{next}", head.seq, export.file.display(), head.hash)
    });
    Ok(())
}

/// Takes in a network that was carried here.
pub async fn adopt(cli: &Cli, adopt: &Adopt) -> Result<(), Failure> {
    let secret = passphrase(&adopt.passphrase)?;
    let mut home = Home::open(&cli.data)?;
    let reply = match home.lock()? {
        true => {
            let node = home.node(cli).await?;
            let open = opener(&adopt.file, secret);
            let (manifest, _) = tokio::task::block_in_place(|| carry::check(&open))?;
            let bar = bar("taking in", manifest.networks.iter().map(|network| network.seq).sum());
            let adopted = node.adopt(&open, adopt.name.as_deref(), &|done| bar.set_position(done)).await;
            bar.finish_and_clear();
            let head = adopted?;
            node.close().await;
            adopted_json(&head)
        }
        false => {
            let file = std::path::absolute(&adopt.file)?.display().to_string();
            let passphrase = secret.map(|secret| secret.expose_secret().to_owned());
            ask(cli, Request::Adopt { file, name: adopt.name.clone(), passphrase }).await?
        }
    };
    say(cli.json, &reply, || {
        format!(
            "`{}` is here, head {}\nnext: `reflow verify --network {}`",
            text(&reply, "network"),
            text(&reply, "head"),
            text(&reply, "network")
        )
    });
    Ok(())
}

/// The answer to an adoption.
pub fn adopted_json(head: &store::Head) -> serde_json::Value {
    json!({"network": head.name, "entries": head.seq, "head": head.hash.to_string(), "state": head.state.as_str()})
}

/// Opens a database by `sqlite:PATH` or `postgres://…`, and holds its folder, so that no node is served from
/// it meanwhile.
async fn database(cli: &Cli, address: &str) -> Result<(Home, Store), Failure> {
    let busy = |sentence: &str| Failure::refused("already-running", sentence, "Stop it first.");
    if let Some(path) = address.strip_prefix("sqlite:").map(Path::new) {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let mut home = Home::open(folder.unwrap_or(Path::new(".")))?;
        if !home.lock()? {
            return Err(busy(&format!("a node is running on `{}`", path.display())));
        }
        return Ok((home, Store::open_sqlite(path).await?));
    }
    if !address.starts_with("postgres://") {
        return Err(Failure::Usage(format!("`{address}` is no database; write sqlite:PATH or postgres://…")));
    }
    let store = Store::open_postgres(address).await?;
    store.migrate().await?;
    match store.leases(pipeline::now()).await? {
        0 => Ok((Home::open(&cli.data)?, store)),
        _ => Err(busy("a node is running on the PostgreSQL database")),
    }
}

/// Carries a whole node from one database to another.
pub async fn move_node(cli: &Cli, moved: &Move) -> Result<(), Failure> {
    if let Some(path) = moved.from.strip_prefix("sqlite:").filter(|path| !Path::new(path).exists()) {
        return Err(Failure::Unreachable(format!("there is no database `{path}`")));
    }
    let ((old, from), (new, to)) = (database(cli, &moved.from).await?, database(cli, &moved.to).await?);
    from.migrate().await?;
    from.check_not_retired().await?;
    to.migrate().await?;
    let from = old.node_over(from, cli).await?;
    let key = from.store().known_secret(pipeline::node::KEY_SECRET).await?.unwrap_or_default();
    if to.secret(pipeline::node::KEY_SECRET, &key).await? != key {
        return Err(Failure::refused(
            "not-empty",
            "the new database belongs to another node already",
            "Move into an empty one.",
        ));
    }
    let to = new.node_over(to, cli).await?;
    let entries = from.store().networks().await?.iter().map(|head| head.seq).sum();
    let bar = bar("moving", entries);
    let done = from.move_to(&to, &|done| bar.set_position(done)).await;
    bar.finish_and_clear();
    done?;
    let (before, after) = (carry::fingerprint(&from).await?, carry::fingerprint(&to).await?);
    if before != after {
        return Err(Failure::refused(
            "different",
            "what arrived is not what was sent",
            "The old database is as it was; empty the new one and try again.",
        ));
    }
    from.store().retire("it was moved to another database").await?;
    from.close().await;
    to.close().await;
    let entries: u64 = entries;
    say(cli.json, &json!({"entries": entries, "export": after}), || {
        format!(
            "{entries} entries moved\nboth sides carry the same: {after}\nthe old database is not served any more"
        )
    });
    Ok(())
}

/// Carries out what the running node is asked to adopt.
pub async fn adopt_here(
    node: &Arc<Node>,
    file: &str,
    name: Option<&str>,
    passphrase: Option<String>,
) -> Result<serde_json::Value, Failure> {
    let open = opener(Path::new(file), passphrase.map(SecretString::from));
    Ok(adopted_json(&node.adopt(&open, name, &|_| {}).await?))
}
