//! Those who connect and then do nothing, or everything slowly: they are cut off or make room, memory
//! stays bounded, and the next honest request is answered.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use tests::http::Browser;
use tests::node::Node;
use tests::{Folder, skip};

use crate::founded::{NETWORK, found};

fn connect(node: &Node) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(node.base.trim_start_matches("http://"))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    Ok(stream)
}

#[test]
fn whoever_is_slow_is_cut_off() {
    let data = Folder::new("slow");
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let api = format!("/api/v1/networks/{NETWORK}/commands");
    let browser = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let cookie = format!("cookie: reflow={}\r\n", browser.token());
    let page = format!("GET /n/{NETWORK}/things HTTP/1.1\r\nhost: x\r\n{cookie}\r\n");
    // What is sent, and how the answer begins before the connection ends.
    let table = [
        ("nothing", String::new(), ""),
        ("half a head", "GET /readyz HTTP/1.1\r\nhost: x\r\nx-slow: ".to_owned(), ""),
        (
            "half a body",
            format!("POST {api} HTTP/1.1\r\nhost: x\r\n{cookie}content-length: 1000\r\n\r\n{{"),
            "HTTP/1.1 4",
        ),
        ("a head without end", format!("GET / HTTP/1.1\r\nx: {}", "x".repeat(64 << 10)), "HTTP/1.1 431"),
        ("one request, then nothing", "GET /readyz HTTP/1.1\r\nhost: x\r\n\r\n".to_owned(), "HTTP/1.1 200"),
    ];
    std::thread::scope(|scope| {
        for (what, bytes, begins) in &table {
            let node = &node;
            scope.spawn(move || {
                let mut stream = connect(node).expect("the door is open");
                let _ = stream.write_all(bytes.as_bytes());
                let mut answer = Vec::new();
                // The end of the stream or a reset; a minute of nothing fails the test.
                if let Err(error) = stream.read_to_end(&mut answer) {
                    assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "{what}: it was never cut off");
                }
                let answer = String::from_utf8_lossy(&answer);
                assert!(answer.starts_with(begins), "{what}: {answer}");
            });
        }
        // Asks and asks and never reads: what is not taken is not prepared without end.
        scope.spawn(|| {
            let mut stream = connect(&node).expect("the door is open");
            stream.set_write_timeout(Some(Duration::from_secs(60))).expect("a deadline");
            let mut sent = 0;
            while sent < 100_000 {
                match stream.write_all(page.as_bytes()) {
                    Ok(()) => sent += 1,
                    Err(error) => {
                        assert_ne!(error.kind(), std::io::ErrorKind::WouldBlock, "it was never cut off");
                        break;
                    }
                }
            }
            assert!(sent < 100_000, "everything was taken in");
        });
    });
    assert_eq!(browser.get("/readyz").status, 200);
    assert!(node.memory_kb() < 300_000, "{} KB", node.memory_kb());
}

#[test]
fn ten_thousand_who_only_stand_there_keep_nobody_out() {
    const CROWD: usize = 10_000;
    let name = "ten_thousand_who_only_stand_there_keep_nobody_out";
    if !more_descriptors(CROWD as u64 + 1_000) {
        return skip(name, "this shell may not open eleven thousand connections (`ulimit -n`)");
    }
    let data = Folder::new("crowd");
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let browser = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let mut crowd = Vec::with_capacity(CROWD);
    for n in 0..CROWD {
        crowd.push(connect(&node).expect("the door is open"));
        if n % 1_000 == 0 {
            browser.get(&format!("/n/{NETWORK}/")).says("Hammer drill");
        }
    }
    assert_eq!(Browser::new(&node.base).get("/readyz").status, 200);
    browser.get(&format!("/n/{NETWORK}/")).says("Hammer drill");
    assert!(node.memory_kb() < 400_000, "{} KB", node.memory_kb());
    drop(crowd);
    browser.get(&format!("/n/{NETWORK}/")).says("Hammer drill");
}

#[test]
fn a_stop_lets_what_is_under_way_finish() {
    let data = Folder::new("stop");
    let library = found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let browser = Browser::sign_in(&node.base, NETWORK, "Amara", "amara-secret");
    let word = browser.get(&format!("/n/{NETWORK}/people")).form("/sign-out").1["word"].clone();
    let command = serde_json::json!({"id": "01926b5e-7d00-7000-8000-000000000001", "agent": library.amara,
        "acts": [{"act": "record", "event": {"action": "raise", "provider": library.amara, "receiver": library.amara,
            "resourceQuantity": {"hasNumericalValue": "1", "hasUnit": library.piece}}, "newResource": {"name": "Late"}}]});
    let body = command.to_string();
    let (begin, rest) = body.split_at(20);
    let mut stream = connect(&node).expect("the door is open");
    let head = format!(
        "POST /api/v1/networks/{NETWORK}/commands HTTP/1.1\r\nhost: x\r\ncookie: reflow={}\r\nx-reflow-word: {word}\r\ncontent-length: {}\r\n\r\n",
        browser.token(),
        body.len()
    );
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(begin.as_bytes())).expect("taken");
    // The node has this request in hand before it is told to stop.
    assert_eq!(browser.get("/readyz").status, 200);
    node.ask_to_stop();
    let mut tries = 0;
    while connect(&node).is_ok() {
        tries += 1;
        assert!(tries < 100_000, "it still lets people in");
    }
    stream.write_all(rest.as_bytes()).expect("taken");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer, then the end");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(node.ended(), Some(0));
    let verified = tests::cli(&data.0, None, &["verify"]).ok();
    assert!(verified.out.contains(" 0 differences"), "{}", verified.out);
}

#[test]
fn guessing_passwords_is_slow() {
    let data = Folder::new("guess");
    found(&data.0, None);
    let node = Node::serve(&data.0, None);
    let guess = |name: &str, password: &str| {
        let fields = [("name", name), ("password", password)];
        Browser::new(&node.base).post(&format!("/n/{NETWORK}/sign-in"), &fields).status
    };
    let statuses: Vec<u16> = (0..12).map(|n| guess("Amara", &format!("guess-{n}"))).collect();
    assert_eq!(statuses[..10], [401; 10], "{statuses:?}");
    assert_eq!(statuses[10..], [429, 429]);
    assert_eq!(guess("amara ", "amara-secret"), 429, "the same name, however it is written");
    assert_eq!(guess("Kofi", "kofi-secret"), 303, "others are not touched");
}

/// Raises this process's limit of open files, if it may be raised.
fn more_descriptors(wanted: u64) -> bool {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    raised.is_ok() && limit.maximum.is_none_or(|most| most >= wanted)
}
