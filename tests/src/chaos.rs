//! A link to the database that can be cut, slowed, or cut in the moment between a commit and its answer.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::Folder;
use crate::postgres::Postgres;

#[derive(Default)]
struct State {
    cut: AtomicBool,
    delay_ms: AtomicU64,
    /// How many commits are carried out from here on without their answer being heard.
    unheard: AtomicUsize,
    open: Mutex<Vec<UnixStream>>,
}

/// The link.
pub struct Link {
    folder: Folder,
    state: Arc<State>,
}

impl Link {
    /// A link to a server.
    pub fn to(postgres: &Postgres) -> Link {
        let (folder, state) = (Folder::new("link"), Arc::new(State::default()));
        let listener = UnixListener::bind(folder.join(".s.PGSQL.5432")).expect("a socket");
        let (server, shared) = (format!("{}/.s.PGSQL.5432", postgres.socket()), state.clone());
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = UnixStream::connect(&server) else { continue };
                if shared.cut.load(Ordering::SeqCst) {
                    continue;
                }
                let pair = (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
                shared.open.lock().expect("no link died").extend([pair.0, pair.1]);
                carry(shared.clone(), client, server);
            }
        });
        Link { folder, state }
    }

    /// The address of a database by this link.
    pub fn address(&self, name: &str) -> String {
        format!("postgres://reflow@localhost/{name}?host={}", self.folder.0.display())
    }

    /// Cuts every connection, and lets nobody through until [`Link::mend`].
    pub fn cut(&self) {
        self.state.cut.store(true, Ordering::SeqCst);
        for stream in self.state.open.lock().expect("no link died").drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Lets everybody through again.
    pub fn mend(&self) {
        self.state.cut.store(false, Ordering::SeqCst);
    }

    /// How long each answer takes on its way.
    pub fn slow(&self, delay_ms: u64) {
        self.state.delay_ms.store(delay_ms, Ordering::SeqCst);
    }

    /// The next so many commits reach the server, and their connections are cut before it is heard of.
    pub fn lose_answers(&self, count: usize) {
        self.state.unheard.store(count, Ordering::SeqCst);
    }

    /// Whether commits are still to go unheard.
    pub fn is_losing(&self) -> bool {
        self.state.unheard.load(Ordering::SeqCst) > 0
    }
}

fn carry(state: Arc<State>, client: UnixStream, server: UnixStream) {
    let (mut from_client, mut to_server) =
        (client.try_clone().expect("a handle"), server.try_clone().expect("a handle"));
    let silent = Arc::new(AtomicBool::new(false));
    let (asked, muted) = (state.clone(), silent.clone());
    std::thread::spawn(move || {
        let mut bytes = [0; 65_536];
        while let Ok(n @ 1..) = from_client.read(&mut bytes) {
            // A transaction ends with the plain query `COMMIT`.
            if bytes[..n].windows(7).any(|seven| seven == b"COMMIT\0") {
                let take = |left: usize| left.checked_sub(1);
                let taken = asked.unheard.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take);
                muted.store(taken.is_ok(), Ordering::SeqCst);
            }
            if to_server.write_all(&bytes[..n]).is_err() {
                break;
            }
        }
        let _ = to_server.shutdown(Shutdown::Both);
    });
    std::thread::spawn(move || {
        let (mut server, mut client) = (server, client);
        let mut bytes = [0; 65_536];
        while let Ok(n @ 1..) = server.read(&mut bytes) {
            if silent.load(Ordering::SeqCst) {
                break;
            }
            let delay_ms = state.delay_ms.load(Ordering::SeqCst);
            if delay_ms > 0 {
                std::thread::sleep(Duration::from_millis(delay_ms));
            }
            if client.write_all(&bytes[..n]).is_err() {
                break;
            }
        }
        let _ = client.shutdown(Shutdown::Both);
        let _ = server.shutdown(Shutdown::Both);
    });
}
