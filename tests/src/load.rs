//! Writers that keep count: every command that was acknowledged, with the hash of its entry, to be found
//! again in whatever database is left.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::{Value as Json, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Row};

use crate::founded::{Library, NETWORK};
use crate::http::Browser;
use crate::node::{Database, Node};

/// What was acknowledged.
#[derive(Default)]
pub struct Acknowledged {
    /// Command ids with the hashes of their entries.
    commands: Mutex<BTreeMap<String, String>>,
    events: AtomicU64,
}

impl Acknowledged {
    /// Events that were acknowledged.
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed)
    }

    /// Commands that were acknowledged.
    pub fn commands(&self) -> usize {
        self.commands.lock().expect("no writer died").len()
    }

    /// Notes what was acknowledged: a command by its id, with its receipt and the number of its events.
    pub fn note(&self, id: &str, receipt: &str, events: u64) {
        let receipt: Json = serde_json::from_str(receipt).expect("a receipt");
        let entry = receipt["entry"].as_str().expect("an entry").to_owned();
        let before = self.commands.lock().expect("no writer died").insert(id.to_owned(), entry.clone());
        assert!(
            before.is_none_or(|before| before == entry),
            "command {id} was acknowledged twice, differently"
        );
        self.events.fetch_add(events, Ordering::Relaxed);
    }

    /// Holds what was acknowledged against what a database holds: each command has the entry that was
    /// named, and no command has two. Answers with the number of commands checked.
    pub fn check(&self, data: &Path, database: Database) -> usize {
        let mut stored: BTreeMap<String, String> = BTreeMap::new();
        for (command, hash) in entries(data, database) {
            assert!(stored.insert(command.clone(), hash).is_none(), "command {command} has two entries");
        }
        let commands = self.commands.lock().expect("no writer died");
        for (id, entry) in commands.iter() {
            let kept = stored.get(&id.replace('-', ""));
            assert_eq!(kept, Some(entry), "command {id} was acknowledged and is not as it was");
        }
        commands.len()
    }

    /// How many of them are in a data folder's database, each as it was acknowledged.
    pub fn among(&self, data: &Path) -> usize {
        let stored: BTreeMap<String, String> = entries(data, None).into_iter().collect();
        let commands = self.commands.lock().expect("no writer died");
        let kept = commands.iter().filter_map(|(id, entry)| Some((stored.get(&id.replace('-', ""))?, entry)));
        kept.inspect(|(kept, entry)| assert_eq!(kept, entry, "an entry is not as it was")).count()
    }
}

/// Every entry of every network: command and hash, in hexadecimal.
fn entries(data: &Path, database: Database) -> Vec<(String, String)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        match database {
            None => {
                let options = SqliteConnectOptions::new().filename(data.join("reflow.sqlite"));
                let mut connection = options.connect().await.expect("the database opens");
                let rows = sqlx::query("SELECT lower(hex(command)), lower(hex(hash)) FROM entry")
                    .fetch_all(&mut connection)
                    .await
                    .expect("entries");
                // Whoever puts another file into its place must not find it open.
                connection.close().await.expect("the database closes");
                rows.iter().map(|row| (row.get(0), row.get(1))).collect()
            }
            Some(address) => {
                let options: PgConnectOptions = address.parse().expect("an address");
                let mut connection = options.connect().await.expect("the database opens");
                let rows = sqlx::query("SELECT encode(command, 'hex'), encode(hash, 'hex') FROM entry")
                    .fetch_all(&mut connection)
                    .await
                    .expect("entries");
                rows.iter().map(|row| (row.get(0), row.get(1))).collect()
            }
        }
    })
}

/// A signed-in member, as often as needed: the session outlives every node.
#[derive(Clone)]
pub struct Seat {
    cookie: String,
    word: String,
    agent: String,
    piece: String,
}

impl Seat {
    /// Signs Amara in at a node.
    pub fn take(node: &Node, library: &Library) -> Seat {
        Seat::at(&node.base, library)
    }

    /// The same where a node answers.
    pub fn at(base: &str, library: &Library) -> Seat {
        let amara = Browser::sign_in(base, NETWORK, "Amara", "amara-secret");
        let word = amara.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
        Seat {
            cookie: amara.token().to_owned(),
            word,
            agent: library.amara.clone(),
            piece: library.piece.clone(),
        }
    }

    /// A command that registers so many things.
    pub fn command(&self, id: &str, events: usize) -> Json {
        let act = |n| {
            json!({"act": "record",
                "event": {"action": "raise", "provider": self.agent, "receiver": self.agent,
                          "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": self.piece}},
                "newResource": {"name": format!("thing {n}")}})
        };
        json!({"id": id, "agent": self.agent, "acts": (0..events).map(act).collect::<Vec<_>>()})
    }

    /// The path of one of the network's pages.
    pub fn path(&self, page: &str) -> String {
        format!("/n/{NETWORK}/{page}")
    }

    /// The member at a browser.
    pub fn browser(&self, base: &str) -> Browser {
        Browser::with_token(base, &self.cookie)
    }

    /// The bytes that ask for a page.
    pub fn page(&self, page: &str) -> String {
        let (path, cookie) = (self.path(page), &self.cookie);
        format!("GET {path} HTTP/1.1\r\nhost: node\r\ncookie: reflow={cookie}\r\n\r\n")
    }

    /// The bytes that send a command.
    pub fn request(&self, command: &Json) -> String {
        let (body, cookie, word) = (command.to_string(), &self.cookie, &self.word);
        let length = body.len();
        format!(
            "POST /api/v1/networks/{NETWORK}/commands HTTP/1.1\r\nhost: node\r\ncookie: reflow={cookie}\r\n\
             x-reflow-word: {word}\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    }

    /// Sends a command; none where no answer came.
    pub fn send(&self, base: &str, command: &Json) -> Option<(u16, String)> {
        let browser = Browser::with_token(base, &self.cookie);
        browser.try_command(NETWORK, &self.word, command.to_string().as_bytes())
    }
}

/// Writers at work.
pub struct Writers {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Writers {
    /// Starts so many, each at one of the nodes in turn; `round` keeps their command ids apart. A command
    /// that is not answered, or told to come back, is sent again, to the next node.
    pub fn start(
        bases: &[String],
        seat: &Seat,
        (count, events): (usize, usize),
        round: u32,
        acknowledged: &Arc<Acknowledged>,
    ) -> Writers {
        let stop = Arc::new(AtomicBool::new(false));
        let threads = (0..count)
            .map(|writer| {
                let (bases, seat, stop) = (bases.to_vec(), seat.clone(), stop.clone());
                let acknowledged = acknowledged.clone();
                std::thread::spawn(move || {
                    let mut at = writer;
                    let mut browsers: Vec<Browser> =
                        bases.iter().map(|base| Browser::with_token(base, &seat.cookie)).collect();
                    for n in 0u32.. {
                        let id = format!("01926b5e-7d00-7000-8{writer:03x}-{round:04x}{n:08x}");
                        let body = seat.command(&id, events).to_string();
                        loop {
                            let node = at % browsers.len();
                            match browsers[node].try_command(NETWORK, &seat.word, body.as_bytes()) {
                                Some((200, receipt)) => {
                                    acknowledged.note(&id, &receipt, events as u64);
                                    break;
                                }
                                Some((429 | 503, _)) => {}
                                Some((status, body)) => panic!("{status} {body}"),
                                // Whatever is left in the connection is not for the next one.
                                None => browsers[node] = Browser::with_token(&bases[node], &seat.cookie),
                            }
                            if stop.load(Ordering::Relaxed) {
                                return;
                            }
                            at += 1;
                        }
                        if stop.load(Ordering::Relaxed) {
                            return;
                        }
                    }
                })
            })
            .collect();
        Writers { stop, threads }
    }

    /// Stops them; a command under way is given up.
    pub fn stop(self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().expect("no writer died");
        }
    }
}
