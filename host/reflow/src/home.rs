//! The data folder: database, signing key, cache of compiled rules, lock, socket.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use journal::Signer;
use pipeline::node::KEY_SECRET;
use pipeline::{Node, NodeOptions};
use store::Store;

use crate::cli::Cli;
use crate::output::Failure;

/// A data folder, and whether this process holds its lock.
pub struct Home {
    folder: PathBuf,
    _lock: Option<File>,
}

impl Home {
    /// Opens or makes the folder, readable by its owner alone.
    pub fn open(folder: &Path) -> Result<Home, Failure> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(|error| {
            Failure::Unreachable(format!("the data folder `{}` cannot be made: {error}", folder.display()))
        })?;
        let mode = std::fs::metadata(folder)?.permissions().mode();
        if mode & 0o077 != 0 {
            std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        }
        Ok(Home { folder: folder.to_owned(), _lock: None })
    }

    /// Opens a folder that must be there already: whoever only looks makes nothing.
    pub fn existing(folder: &Path) -> Result<Home, Failure> {
        match folder.is_dir() {
            true => Home::open(folder),
            false => Err(Failure::Unreachable(format!(
                "there is no data folder `{}`; name the right one with `--data`",
                folder.display()
            ))),
        }
    }

    /// Takes the lock, so that one process at a time is the node; `false` when another one is.
    pub fn lock(&mut self) -> Result<bool, Failure> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.folder.join("node.lock"))?;
        match rustix::fs::flock(&file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {
                self._lock = Some(file);
                Ok(true)
            }
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(false),
            Err(error) => Err(Failure::Unreachable(format!("the lock: {error}"))),
        }
    }

    /// The socket on which a running node takes the console's commands.
    pub fn socket(&self) -> PathBuf {
        self.folder.join("node.sock")
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The key that signs checkpoints: the processes of one database share it. A folder of an earlier
    /// release has it in a file, from which it is taken over; the file stays, for that release.
    async fn signer(&self, store: &Store) -> Result<Signer, Failure> {
        let path = self.folder.join("node.key");
        let (fresh, filed) = match std::fs::read(&path) {
            Ok(bytes) => (bytes, true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                (pipeline::node::random::<32>()?.to_vec(), false)
            }
            Err(error) => return Err(error.into()),
        };
        let secret = store.secret(KEY_SECRET, &fresh).await?;
        let wrong = |what: &str| Failure::Unreachable(format!("{what}; put the right one back"));
        if filed && secret != fresh {
            return Err(wrong(&format!("`{}` is not the key that this database has", path.display())));
        }
        let secret: [u8; 32] =
            secret.try_into().map_err(|_| wrong("the database's key is not one of 32 bytes"))?;
        Ok(Signer::new("reflow-node", &secret))
    }

    /// Opens the database, embedded or not, and brings its schema up to date.
    pub async fn store(&self, cli: &Cli) -> Result<Store, Failure> {
        let store = match &cli.database {
            Some(address) if address.starts_with("postgres://") => Store::open_postgres(address).await?,
            Some(address) => {
                return Err(Failure::Usage(format!("`{address}` is no database; give postgres://…")));
            }
            None => Store::open_sqlite(&self.folder.join("reflow.sqlite")).await?,
        };
        store.migrate().await?;
        store.check_not_retired().await?;
        Ok(store)
    }

    /// The node over this folder.
    pub async fn node(&self, cli: &Cli) -> Result<Arc<Node>, Failure> {
        self.node_over(self.store(cli).await?, cli).await
    }

    /// A node over another database, with this folder's cache.
    pub async fn node_over(&self, store: Store, cli: &Cli) -> Result<Arc<Node>, Failure> {
        let options = NodeOptions {
            program: std::env::current_exe()?,
            cache: cli.cache.clone().unwrap_or_else(|| self.folder.join("cache")),
            signer: self.signer(&store).await?,
            quotas: cli.quotas.clone(),
            store,
        };
        Ok(Node::new(options)?)
    }
}
