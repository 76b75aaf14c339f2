//! A library behind its doors, and callers who come by HTTP: connections that are kept, requests as bytes.

use std::sync::{Arc, Mutex};
use std::time::Instant;

use api::accept::{Entrance, serve};
use identity::rate::{Rate, Rates};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use valueflows::Part;

use crate::library::{Library, NETWORK};

/// A node's doors, with a steward signed in.
pub struct Door {
    /// Where it is.
    pub base: String,
    /// The session's token.
    pub token: String,
    members: Arc<Library>,
    idle: Mutex<Vec<BufReader<TcpStream>>>,
}

impl Door {
    /// Opens the doors of a library's node.
    pub async fn open(library: &Arc<Library>) -> Door {
        let node = library.node.clone();
        let head = node.head(NETWORK).await.expect("a head");
        let (who, now) = (("Ines", "ines-secret"), pipeline::now());
        identity::add_account(node.store(), head.key, who, library.agent, now).await.expect("an account");
        let session =
            identity::sign_in_new(node.store(), head.key, who, [7; 32], now).await.expect("signed in");
        // Nobody measures how often somebody may ask.
        let rates = Rates { ask: Rate::new(60_000_000, 1_000_000), ..Rates::default() };
        let rates = Arc::new(rates);
        let programs = api::router(node.clone(), rates.clone(), false, None).expect("doors");
        let router = web::router(node, rates, web::Beside::default()).merge(programs);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let entrance = Entrance { listener, tls: None, outside: Arc::default() };
        tokio::spawn(serve(entrance, router, std::future::pending()));
        Door { base, token: session.token, members: library.clone(), idle: Mutex::default() }
    }

    fn request(&self) -> String {
        let body = self.members.command(1).to_json(Part::Whole).to_string();
        let word = identity::form_word(&self.token);
        format!(
            "POST /api/v1/networks/{NETWORK}/commands HTTP/1.1\r\nhost: node\r\ncookie: reflow={}\r\n\
             x-reflow-word: {word}\r\ncontent-length: {}\r\n\r\n{body}",
            self.token,
            body.len()
        )
    }

    /// One command by HTTP; how long it took from a moment on, milliseconds, or that it was told to come back.
    pub async fn one_from(&self, begin: Instant) -> Option<f64> {
        let kept = self.idle.lock().expect("no caller died").pop();
        let mut line = match kept {
            Some(line) => line,
            None => {
                let address = self.base.trim_start_matches("http://");
                BufReader::new(TcpStream::connect(address).await.ok()?)
            }
        };
        line.get_mut().write_all(self.request().as_bytes()).await.ok()?;
        let status = answer(&mut line).await?;
        self.idle.lock().expect("no caller died").push(line);
        assert!(matches!(status, 200 | 429 | 503), "{status}");
        (status == 200).then(|| begin.elapsed().as_secs_f64() * 1_000.0)
    }
}

/// Reads an answer to its end; its status.
async fn answer(line: &mut BufReader<TcpStream>) -> Option<u16> {
    let (mut text, mut length) = (String::new(), 0);
    line.read_line(&mut text).await.ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    while text.trim() != "" {
        text.clear();
        line.read_line(&mut text).await.ok()?;
        if let Some(said) = text.to_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    line.read_exact(&mut body).await.ok()?;
    Some(status)
}
