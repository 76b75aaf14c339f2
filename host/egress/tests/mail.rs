//! Letters, to a server on this machine that keeps what it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::sync::Arc;

use egress::{EgressError, Letter, MailServer, Mailer, Mode, Security};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

const FROM: &str = "Tool library <library@example.org>";

fn letter(to: &str) -> Letter {
    Letter {
        id: "library.7.1".to_owned(),
        to: to.to_owned(),
        subject: "Drill due\u{fc} back".to_owned(),
        text: "Bring the drill back.\n.\nThanks\n".to_owned(),
        end: Some("https://example.org/end".to_owned()),
    }
}

/// One conversation; what was said by the client. `answers` are for lines that begin like that.
async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, answers: &[(&str, &str)]) -> String {
    let mut stream = BufReader::new(stream);
    let mut said = String::new();
    let mut data = false;
    stream.write_all(b"220 here\r\n").await.expect("it listens");
    stream.flush().await.expect("it listens");
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return said;
        }
        said.push_str(&line);
        let own = answers.iter().find(|(begins, _)| line.starts_with(begins)).map(|(_, answer)| *answer);
        let answer = match line.trim_end() {
            "." if data => {
                data = false;
                "250 kept"
            }
            _ if data => continue,
            _ if own.is_some() => own.unwrap_or_default(),
            "DATA" => {
                data = true;
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 good",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.expect("it listens");
        stream.flush().await.expect("it listens");
    }
}

async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    (listener, port)
}

/// What comes of a letter to a server that answers like that, and what the server was told.
async fn sent(
    to: &str,
    answers: &'static [(&'static str, &'static str)],
) -> (Result<(), EgressError>, String) {
    let (listener, port) = listener().await;
    let server = async {
        let (stream, _) = listener.accept().await.expect("somebody");
        converse(stream, answers).await
    };
    let mailer =
        Mailer::new(Mode::Clear, &MailServer::plain("127.0.0.1", port, FROM), None).expect("a server");
    let client = async {
        let sent = mailer.send(&letter(to)).await;
        drop(mailer);
        sent
    };
    tokio::join!(client, server)
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let (sent, told) = sent("amara@example.org", &[]).await;
    sent.expect("it is sent");
    for says in [
        "MAIL FROM:<library@example.org>",
        "RCPT TO:<amara@example.org>",
        "Message-ID: <library.7.1@example.org>",
        "List-Unsubscribe: <https://example.org/end>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "Subject: Drill =?utf-8?b?",
        // A line that is one dot ends nothing.
        "\r\n..\r\n",
    ] {
        assert!(told.contains(says), "{says}: {told}");
    }
}

#[tokio::test]
async fn what_a_server_does_not_take_is_tried_again_or_not() {
    let (later, _) = sent("amara@example.org", &[("MAIL", "451 later")]).await;
    assert!(matches!(later, Err(EgressError::Later(_))), "{later:?}");
    let (refused, _) = sent("nobody@example.org", &[("RCPT", "550 nobody")]).await;
    assert!(matches!(refused, Err(EgressError::Refused(_))), "{refused:?}");
    let mailer = Mailer::new(Mode::Clear, &MailServer::plain("127.0.0.1", 1, FROM), None).expect("a server");
    let away = mailer.send(&letter("amara@example.org")).await;
    assert!(matches!(away, Err(EgressError::Away(_))), "{away:?}");
    for to in ["", "amara", "a@b\r\nRCPT TO:<c@example.org>"] {
        let bad = mailer.send(&letter(to)).await;
        assert!(matches!(bad, Err(EgressError::BadLetter(_))), "{to:?}: {bad:?}");
    }
    let long = Letter { text: "x".repeat(70_000), ..letter("amara@example.org") };
    assert!(matches!(mailer.send(&long).await, Err(EgressError::BadLetter(_))));
}

#[tokio::test]
async fn nothing_goes_out_unseen_or_in_the_clear() {
    let plain = |server: &str| MailServer::plain(server, 25, FROM);
    let refused =
        |mode, server: &MailServer| Mailer::new(mode, server, None).err().map(|error| error.to_string());
    assert!(refused(Mode::Clear, &plain("mail.example.org")).is_some_and(|why| why.contains("starttls")));
    assert!(refused(Mode::Clear, &plain("192.0.2.1")).is_some());
    assert!(refused(Mode::OnionOnly, &plain("127.0.0.1")).is_some_and(|why| why.contains("onion-only")));
    assert!(refused(Mode::Clear, &MailServer { from: "nobody".into(), ..plain("127.0.0.1") }).is_some());

    // STARTTLS is asked for, and nothing is said without it.
    let (listener, port) = listener().await;
    let asks = MailServer { security: Security::Starttls, ..MailServer::plain("127.0.0.1", port, FROM) };
    let mailer = Mailer::new(Mode::Clear, &asks, None).expect("a server");
    let server = async {
        let (stream, _) = listener.accept().await.expect("somebody");
        converse(stream, &[]).await
    };
    let (sent, told) = tokio::join!(async { mailer.send(&letter("amara@example.org")).await }, server);
    assert!(sent.is_err() && !told.contains("MAIL"), "{told}");
}

#[tokio::test]
async fn a_server_of_ones_own_is_trusted_by_its_certificate_alone() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a key");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let pem = std::env::temp_dir().join(format!("reflow-egress-{}.pem", std::process::id()));
    std::fs::write(&pem, made.cert.pem()).expect("written");
    for (certificate, arrives) in [(None, false), (Some(pem.clone()), true)] {
        let (listener, port) = listener().await;
        let server =
            MailServer { security: Security::Tls, certificate, ..MailServer::plain("localhost", port, FROM) };
        let mailer = Mailer::new(Mode::Clear, &server, None).expect("a server");
        let taken = async {
            let (stream, _) = listener.accept().await.expect("somebody");
            match acceptor.accept(stream).await {
                Ok(stream) => converse(stream, &[]).await,
                Err(_) => String::new(),
            }
        };
        let (sent, told) = tokio::join!(async { mailer.send(&letter("amara@example.org")).await }, taken);
        assert_eq!((sent.is_ok(), told.contains("RCPT")), (arrives, arrives), "{sent:?} {told}");
    }
    std::fs::remove_file(&pem).expect("removed");
}
