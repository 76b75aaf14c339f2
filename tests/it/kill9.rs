//! The plug is pulled during load: nothing that was acknowledged is lost, nothing is there twice.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::json;
use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, alter, cli};

use crate::founded::{NETWORK, found};

const ROUNDS: u32 = 50;
const WRITERS: u32 = 4;

#[test]
fn fifty_kills_lose_nothing() {
    let data = Folder::new("kill9");
    let library = found(&data.0, None);
    // What was acknowledged: command and the hash of its entry.
    let acknowledged: Arc<Mutex<BTreeMap<String, String>>> = Arc::default();
    let mut session = None;
    for round in 0..ROUNDS {
        let node = Node::serve(&data.0, None);
        // One session outlives all rounds: it is on disk too.
        let (cookie, word) = session.get_or_insert_with(|| {
            let amara = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
            let word = amara.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
            (amara.token().to_owned(), word)
        });
        let stop = Arc::new(AtomicBool::new(false));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let browser = Browser::with_token(&node.base, cookie);
                let (word, stop, acknowledged) = (word.clone(), stop.clone(), acknowledged.clone());
                let (agent, piece) = (library.amara.clone(), library.piece.clone());
                std::thread::spawn(move || {
                    for n in 0.. {
                        let id = format!("01926b5e-7d00-7000-8{writer:03x}-{round:04x}{n:08x}");
                        let command = json!({"id": id, "agent": agent, "acts": [{"act": "record",
                            "event": {"action": "raise", "provider": agent, "receiver": agent,
                                      "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": piece}},
                            "newResource": {"name": format!("thing {n}")}}]});
                        match browser.try_command(NETWORK, &word, command.to_string().as_bytes()) {
                            Some((200, body)) => {
                                let receipt: serde_json::Value =
                                    serde_json::from_str(&body).expect("a receipt");
                                let entry = receipt["entry"].as_str().expect("an entry").to_owned();
                                acknowledged.lock().expect("no writer died").insert(id, entry);
                            }
                            _ if stop.load(Ordering::Relaxed) => break,
                            _ => {}
                        }
                    }
                })
            })
            .collect();
        // Let some commands through: as many as the round's number says, at least.
        let goal = acknowledged.lock().expect("no writer died").len() + 3 + (round as usize * 7) % 40;
        while acknowledged.lock().expect("no writer died").len() < goal {
            std::thread::yield_now();
        }
        node.kill();
        stop.store(true, Ordering::Relaxed);
        for writer in writers {
            writer.join().expect("no writer died");
        }
    }
    let acknowledged = acknowledged.lock().expect("no writer died");
    let stored = stored(&data.join("reflow.sqlite"));
    for (id, entry) in acknowledged.iter() {
        assert_eq!(
            stored.get(&id.replace('-', "")),
            Some(entry),
            "command {id} was acknowledged and is not as it was"
        );
    }
    // The unique index holds ids to one entry each; it must still be there.
    assert!(alter(&data.join("reflow.sqlite"), "REINDEX") == 0);
    let verified = cli(&data.0, None, &["verify"]).ok();
    assert!(verified.out.contains(", 0 differences"), "{}", verified.out);
    println!("{} acknowledged over {ROUNDS} kills, all there", acknowledged.len());
}

/// Every entry: command and hash, in hexadecimal.
fn stored(database: &std::path::Path) -> BTreeMap<String, String> {
    use sqlx::sqlite::SqliteConnectOptions;
    use sqlx::{ConnectOptions, Row};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut connection =
            SqliteConnectOptions::new().filename(database).connect().await.expect("the database opens");
        let rows = sqlx::query("SELECT lower(hex(command)), lower(hex(hash)) FROM entry")
            .fetch_all(&mut connection)
            .await
            .expect("entries");
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    })
}
