//! The lines by which people come: encrypted, behind a proxy, under a number that the log has too, and in a
//! trace that somebody collects.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tests::founded::{NETWORK, found, id_of};
use tests::http::{Answer, Browser};
use tests::load::Seat;
use tests::node::{Node, cli};
use tests::{Folder, soon};

/// A certificate of its own for this machine and its key, in PEM.
fn certificate() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

fn write(data: &Folder, (certificate, key): (&str, &str)) {
    std::fs::write(data.join("node.crt"), certificate).expect("a certificate");
    std::fs::write(data.join("node.key.pem"), key).expect("a key");
}

#[test]
fn an_encrypted_line_shows_the_certificate_that_the_files_have() {
    let data = Folder::new("tls");
    found(&data.0, None);
    let (one, two) = (certificate(), certificate());
    write(&data, (&one.0, &one.1));
    let (file, key) =
        (data.join("node.crt").display().to_string(), data.join("node.key.pem").display().to_string());
    let files = ["--tls-certificate", &file, "--tls-key", &key];
    let node = Node::serve_with(&data.0, &files);
    assert!(node.base.starts_with("https://"), "{}", node.base);
    // Whoever only stands there is shown out, also before anything is encrypted.
    let mut silent = TcpStream::connect(node.base.trim_start_matches("https://")).expect("the door is open");
    silent.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    let sign_in = format!("/n/{NETWORK}/sign-in");
    let answers = |certificate: &str| Browser::trusting(&node.base, certificate).try_get(&sign_in, &[]);
    let first = answers(&one.0).expect("an encrypted line");
    assert_eq!((first.status, first.header("strict-transport-security")), (200, "max-age=31536000"));
    assert!(answers(&two.0).is_none(), "a certificate that nobody showed");
    let plain = Browser::new(&node.base.replace("https", "http"));
    assert!(plain.try_get(&sign_in, &[]).is_none(), "what is not encrypted is not understood");
    let amara = Browser::trusting(&node.base, &one.0);
    let answer = amara.post(&sign_in, &[("name", "Amara"), ("password", "amara-secret")]);
    let cookie = answer.header("set-cookie");
    assert!(answer.status == 303 && cookie.ends_with("; Secure"), "{} {cookie}", answer.status);
    // Files that are no pair leave the old one in use; the next that are one are shown.
    write(&data, (&two.0, &one.1));
    node.ask_to_read_again();
    assert!(answers(&one.0).is_some());
    write(&data, (&two.0, &two.1));
    node.ask_to_read_again();
    soon("the new certificate is shown", || answers(&two.0));
    assert!(answers(&one.0).is_none(), "the old one is shown no more");
    assert_eq!(silent.read(&mut [0]).expect("an end"), 0);
    drop(node);
    write(&data, (&two.0, &one.1));
    for (args, status, says) in [
        (&files[..], 3, "is not the key to"),
        (&files[..2], 2, "name both or neither"),
        (&["--tls-certificate", &key, "--tls-key", &key][..], 3, "holds none"),
        (&["--tls-certificate", &file, "--tls-key", "/nowhere"][..], 3, "/nowhere"),
    ] {
        for command in [&["config", "check"][..], &["serve", "--listen", "127.0.0.1:0"][..]] {
            let refused = cli(&data.0, None, &[command, args].concat());
            assert_eq!(refused.status, status, "{args:?}: {}{}", refused.out, refused.err);
            assert!(refused.err.contains(says), "{args:?}: {}", refused.err);
        }
    }
}

/// The lines of a log in JSON that say a text.
fn lines(log: &Path, text: &str) -> Vec<Json> {
    let log = std::fs::read_to_string(log).expect("a log");
    let lines =
        log.lines().map(|line| serde_json::from_str::<Json>(line).unwrap_or_else(|_| panic!("{line}")));
    lines.filter(|line| line["fields"]["message"] == text).collect()
}

#[test]
fn a_proxy_is_believed_if_it_is_one_of_ours() {
    let data = Folder::new("proxies");
    found(&data.0, None);
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    type Headers<'a> = &'a [(&'a str, &'a str)];
    let shapes: &[(&str, Headers, &str, bool, bool)] = &[
        (
            "10.0.0.0/8",
            &[("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https")],
            "127.0.0.1",
            false,
            false,
        ),
        (
            "127.0.0.0/8",
            &[("x-forwarded-for", "192.0.2.7"), ("x-forwarded-proto", "https")],
            "192.0.2.7",
            true,
            true,
        ),
        (
            "127.0.0.1",
            &[("x-forwarded-for", "198.51.100.1, 192.0.2.7"), ("x-forwarded-proto", "http")],
            "192.0.2.7",
            false,
            true,
        ),
        (
            "127.0.0.1,192.0.2.0/24",
            &[("x-forwarded-for", "2001:db8::1, 192.0.2.7")],
            "2001:db8::1",
            false,
            true,
        ),
        ("127.0.0.1", &[("x-forwarded-for", "192.0.2.7, nonsense")], "127.0.0.1", false, true),
        ("127.0.0.1", &[], "127.0.0.1", false, true),
    ];
    for (proxies, headers, client, secure, ours) in shapes {
        let more = format!("--log info --log-format json --trusted-proxies {proxies}");
        let (node, log) = Node::serve_logged(&data.0, &more);
        let sent = [headers, &[("traceparent", parent.as_str())][..]].concat();
        let answer = Browser::new(&node.base).try_get("/healthz", &sent).expect("an answer");
        let id = answer.header("x-request-id").to_owned();
        assert_eq!(id == trace, *ours, "{proxies} {headers:?}");
        assert_eq!(answer.header("strict-transport-security").is_empty(), !secure, "{proxies} {headers:?}");
        let said = soon("the answer is in the log", || lines(&log, "answered").pop());
        assert_eq!(said["fields"]["client"], *client, "{proxies} {headers:?}");
        assert_eq!((&said["span"]["id"], &said["fields"]["status"]), (&json!(id), &json!(200)), "{said}");
    }
    for (flag, value, says) in [
        ("--trusted-proxies", "nonsense", "write a trusted proxy as"),
        ("--base-url", "library.example", "write it as `https://library.example`"),
        ("--base-url", "ftp://library.example", "write it as `https://library.example`"),
        ("--base-url", "https://me@library.example", "write it as `https://library.example`"),
        ("--base-url", "https://library.example/tools", "has a path"),
    ] {
        let refused = cli(&data.0, None, &["config", "check", flag, value]);
        assert!(refused.status == 2 && refused.err.contains(says), "{flag} {value}: {}", refused.err);
    }
}

#[test]
fn a_node_that_knows_its_address_says_so() {
    let data = Folder::new("base-url");
    found(&data.0, None);
    let node = Node::serve_with(&data.0, &["--base-url", "https://library.example/"]);
    let browser = Browser::new(&node.base);
    let (status, document) = browser.ask("/api/v1/openapi.json");
    assert_eq!((status, &document["servers"]), (200, &json!([{"url": "https://library.example"}])));
    let page: Answer = browser.get("/");
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000");
}

#[test]
fn every_request_has_a_number_that_the_log_has_too() {
    let data = Folder::new("numbers");
    let library = found(&data.0, None);
    let (node, log) = Node::serve_logged(&data.0, "--log info --log-format json");
    let browser = Browser::new(&node.base);
    let refused = browser.get(&format!("/api/v1/networks/{NETWORK}/members"));
    let number = refused.header("x-request-id").to_owned();
    assert!(number.len() == 32 && number.bytes().all(|byte| byte.is_ascii_hexdigit()), "{number}");
    let problem: Json = serde_json::from_str(&refused.body).expect("a problem");
    assert_eq!(problem["instance"], format!("urn:reflow:request:{number}"));
    assert_ne!(browser.get("/healthz").header("x-request-id"), number);
    // A command that is not taken is in the log with its own id and that of its request.
    let seat = Seat::take(&node, &library);
    assert_eq!(seat.send(&node.base, &seat.command(&id_of(1), 1)).expect("an answer").0, 200);
    assert_eq!(seat.send(&node.base, &seat.command(&id_of(1), 2)).expect("an answer").0, 409);
    let said = soon("it is in the log", || lines(&log, "not taken").pop());
    assert_eq!(said["fields"]["command"], id_of(1), "{said}");
    assert_eq!(said["span"]["id"].as_str().map(str::len), Some(32), "{said}");
}

/// A collector: every document that is sent to it.
fn collector() -> (String, mpsc::Receiver<Json>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a handle"));
            let (mut line, mut length) = (String::new(), 0);
            reader.read_line(&mut line).expect("a head");
            assert!(line.starts_with("POST /v1/traces "), "{line}");
            while line.trim() != "" {
                line.clear();
                reader.read_line(&mut line).expect("a head");
                let lower = line.to_lowercase();
                if let Some(said) = lower.strip_prefix("content-length:") {
                    length = said.trim().parse().expect("a length");
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).expect("a body");
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            (&stream).write_all(answer.as_bytes()).expect("an answer");
            if sender.send(serde_json::from_slice(&body).expect("JSON")).is_err() {
                return;
            }
        }
    });
    (address, receiver)
}

#[test]
fn a_collector_that_says_nothing_keeps_nobody() {
    let data = Folder::new("silent-collector");
    found(&data.0, None);
    // Connections are made, and nobody ever reads from them.
    let collector = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", collector.local_addr().expect("an address"));
    let node = Node::serve_with(&data.0, &["--otlp", &address]);
    assert_eq!(Browser::new(&node.base).get("/healthz").status, 200);
    node.ask_to_stop();
    assert_eq!(node.ended(), Some(0));
}

fn spans(document: &Json) -> Vec<Json> {
    let list = |json: &Json, name: &str| json[name].as_array().cloned().unwrap_or_default();
    let scopes = list(document, "resourceSpans").into_iter().flat_map(|one| list(&one, "scopeSpans"));
    scopes.flat_map(|one| list(&one, "spans")).collect()
}

#[test]
fn a_collector_that_is_named_gets_the_traces() {
    let data = Folder::new("traces");
    let library = found(&data.0, None);
    let (address, documents) = collector();
    let node = Node::serve_with(&data.0, &["--otlp", &address]);
    let seat = Seat::take(&node, &library);
    assert_eq!(seat.send(&node.base, &seat.command(&id_of(1), 3)).expect("an answer").0, 200);
    let number = Browser::new(&node.base).get("/healthz").header("x-request-id").to_owned();
    // What has not been sent yet is sent when the node ends.
    node.ask_to_stop();
    assert_eq!(node.ended(), Some(0));
    let mut all: Vec<Json> = Vec::new();
    while let Ok(document) = documents.recv_timeout(Duration::from_millis(200)) {
        all.extend(spans(&document));
    }
    let named = |name: &'static str| all.iter().filter(move |span| span["name"] == name);
    assert!(named("request").any(|span| span["traceId"] == json!(number)), "{number} in {all:?}");
    let batch = named("batch").next().expect("a batch");
    for name in ["decide", "write"] {
        assert!(named(name).any(|span| span["parentSpanId"] == batch["spanId"]), "{name} in {all:?}");
    }
    // A batch has many senders: it points at their requests.
    let from = &batch["links"][0]["traceId"];
    assert!(named("request").any(|span| span["traceId"] == *from), "{batch}");
}
