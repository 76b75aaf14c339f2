//! A registry that is not to be trusted: what it says is held against what was asked for, and where it sends is looked at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use egress::oci::digest;
use egress::{EgressError, Mode, Repository, Web};

/// What was asked: the line, and what was said of who asks.
type Heard = Arc<Mutex<Vec<(String, String)>>>;

/// A server on this machine that answers what `says` makes of a request line and of who asks: status, headers, body.
fn server(
    says: impl Fn(&str, &str, &str) -> (u16, Vec<String>, Vec<u8>) + Send + 'static,
) -> (String, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heard: Heard = Arc::default();
    let (noted, own) = (heard.clone(), address.clone());
    std::thread::spawn(move || {
        for stream in listener.incoming().take(64) {
            let Ok(mut stream) = stream else { return };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let (mut first, mut who, mut length) = (String::new(), String::new(), 0usize);
            if reader.read_line(&mut first).is_err() {
                continue;
            }
            loop {
                let mut line = String::new();
                if reader.read_line(&mut line).is_err() || line.trim().is_empty() {
                    break;
                }
                if let Some((name, value)) = line.trim().split_once(": ") {
                    match name.to_lowercase().as_str() {
                        "authorization" => who = value.to_owned(),
                        "content-length" => length = value.parse().unwrap_or_default(),
                        _ => {}
                    }
                }
            }
            let mut body = vec![0; length];
            let _ = reader.read_exact(&mut body);
            let asked = first.split(" HTTP").next().unwrap_or_default().to_owned();
            noted.lock().unwrap().push((asked.clone(), who.clone()));
            let (status, headers, body) = says(&own, &asked, &who);
            let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
            let head = format!(
                "HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        }
    });
    (address, heard)
}

fn repository(address: &str, login: Option<(&str, &str)>) -> Repository {
    let login = login.map(|(name, word)| (name.to_owned(), word.to_owned()));
    Repository::new(Web::new(Mode::Clear, None).unwrap(), &format!("{address}/rules/deposit"), login).unwrap()
}

#[tokio::test]
async fn whoever_asks_is_told_once_and_to_the_registry_alone() {
    let (elsewhere, told_elsewhere) = server(|_, _, _| (200, Vec::new(), b"a component".to_vec()));
    let (address, heard) = server(move |own, asked, who| match (asked, who) {
        (asked, "Basic bWU6c2VjcmV0")
            if asked.starts_with("GET /token?service=s&scope=repository:rules%20pull") =>
        {
            (200, Vec::new(), br#"{"token": "of-today"}"#.to_vec())
        }
        (asked, "Bearer of-today") if asked.contains("/blobs/") => {
            (307, vec![format!("location: http://{elsewhere}/kept")], Vec::new())
        }
        (_, "Bearer of-today") => (200, Vec::new(), br#"{"tags": ["0.1.0", "0.2.0"]}"#.to_vec()),
        _ => {
            let challenge = format!(
                "www-authenticate: Bearer realm=\"http://{own}/token\",service=\"s\",scope=\"repository:rules pull\""
            );
            (401, vec![challenge], Vec::new())
        }
    });
    let there = repository(&address, Some(("me", "secret")));
    assert_eq!(there.tags().await.unwrap(), ["0.1.0", "0.2.0"]);
    assert_eq!(there.tags().await.unwrap().len(), 2, "and is remembered");
    assert_eq!(heard.lock().unwrap().iter().filter(|(asked, _)| asked.contains("/token")).count(), 1);
    assert_eq!(there.blob(&digest(b"a component"), 100).await.unwrap(), b"a component");
    assert_eq!(
        *told_elsewhere.lock().unwrap(),
        [("GET /kept".to_owned(), String::new())],
        "no secret goes there"
    );
    let stranger = repository(&address, None);
    assert!(stranger.tags().await.is_err());
}

#[tokio::test]
async fn what_is_not_what_was_asked_for_is_not_taken() {
    let (address, _) = server(|own, asked, _| match asked {
        asked if asked.starts_with("HEAD") => (404, Vec::new(), Vec::new()),
        asked if asked.contains("/manifests/") => (200, Vec::new(), b"{}".to_vec()),
        asked if asked.ends_with("tags/list") => (200, Vec::new(), b"[1,".to_vec()),
        asked if asked.ends_with(&digest(b"long")) => (200, Vec::new(), vec![0; 4096]),
        asked if asked.ends_with(&digest(b"round")) || asked.ends_with("/round") => {
            (302, vec![format!("location: http://{own}/round")], Vec::new())
        }
        asked if asked.ends_with(&digest(b"nowhere")) => (302, Vec::new(), Vec::new()),
        _ => (200, Vec::new(), b"something else".to_vec()),
    });
    let there = repository(&address, None);
    for what in [&b"other"[..], b"long", b"round", b"nowhere"] {
        let said = there.blob(&digest(what), 1024).await;
        assert!(matches!(said, Err(EgressError::Away(_))), "{said:?}");
    }
    assert!(there.tags().await.is_err());
    assert_eq!(there.manifest("0.1.0").await.unwrap().unwrap(), b"{}");
    assert_eq!(there.manifest(&digest(b"{}")).await.unwrap().unwrap(), b"{}");
    assert!(there.manifest(&digest(b"{ }")).await.is_err());
    assert!(there.put_blob(b"a component").await.is_err(), "it does not say where to put it");
}

#[test]
fn only_what_can_be_a_registry_is_asked() {
    let web = Web::new(Mode::Clear, None).unwrap();
    for place in ["", "rules", "/rules", "host/", "host/Rules", "host/../rules", "host/a b", "ho st/rules"] {
        assert!(Repository::new(web.clone(), place, None).is_err(), "{place}");
    }
    assert!(Repository::new(web, "registry.example.org:5000/our-rules", None).is_ok());
    assert!(Web::new(Mode::OnionOnly, None).is_err());
}
