//! Letters by SMTP, each in a connection of its own: they are few.

use std::net::IpAddr;
use std::time::Duration;

use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};

use crate::{EgressError, Mode};

/// Longest wait for a mail server's answer.
const WAIT: Duration = Duration::from_secs(30);
/// Longest letter, bytes.
const LETTER_BYTES_MAX: usize = 64 << 10;

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// From the first byte on (port 465).
    #[default]
    Tls,
    /// After asking for it, and never without (port 587).
    Starttls,
    /// Not at all: only to this machine.
    None,
}

/// A mail server, as the configuration names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct MailServer {
    /// Its name.
    pub server: String,
    /// Its port, if not the usual one.
    pub port: Option<u16>,
    /// How the connection is encrypted.
    #[serde(default)]
    pub security: Security,
    /// Who signs in there.
    pub user: Option<String>,
    /// The file that holds the password.
    pub password_file: Option<std::path::PathBuf>,
    /// A certificate to trust beside the usual ones, as PEM: of a server of one's own.
    pub certificate: Option<std::path::PathBuf>,
    /// Who letters come from: `Tool library <library@example.org>`.
    pub from: String,
}

impl MailServer {
    /// One on this machine, without encryption.
    pub fn plain(server: &str, port: u16, from: &str) -> MailServer {
        MailServer {
            server: server.to_owned(),
            port: Some(port),
            security: Security::None,
            user: None,
            password_file: None,
            certificate: None,
            from: from.to_owned(),
        }
    }
}

/// A letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which it is: the same letter has the same id, however often it is sent.
    pub id: String,
    /// To whom.
    pub to: String,
    /// What it is about, one line.
    pub subject: String,
    /// What it says, in lines.
    pub text: String,
    /// Where whoever gets it says that they want no more of them; one request does.
    pub end: Option<String>,
}

/// Sends letters.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Lists that mail programs offer to leave with one click (RFC 2369, RFC 8058), and that nobody answers (RFC 3834).
macro_rules! header {
    ($name:ident, $text:literal) => {
        #[derive(Clone)]
        struct $name(String);
        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }
            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok($name(text.to_owned()))
            }
            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        }
    };
}
header!(ListUnsubscribe, "List-Unsubscribe");
header!(ListUnsubscribePost, "List-Unsubscribe-Post");
header!(AutoSubmitted, "Auto-Submitted");

impl Mailer {
    /// A sender through a server; `password` is what its file holds.
    pub fn new(mode: Mode, server: &MailServer, password: Option<&str>) -> Result<Mailer, EgressError> {
        if mode == Mode::OnionOnly {
            return Err(EgressError::Closed);
        }
        let bad = |why: &dyn std::fmt::Display| EgressError::BadServer(why.to_string());
        let from: Mailbox = server.from.parse().map_err(|error| bad(&error))?;
        let here = server.server == "localhost"
            || server.server.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let tls = || {
            let mut tls = TlsParameters::builder(server.server.clone());
            if let Some(path) = &server.certificate {
                let pem = std::fs::read(path).map_err(|error| bad(&error))?;
                tls = tls.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| bad(&error))?);
            }
            tls.build().map_err(|error| bad(&error))
        };
        let (tls, port) = match server.security {
            Security::Tls => (Tls::Wrapper(tls()?), 465),
            Security::Starttls => (Tls::Required(tls()?), 587),
            Security::None if here => (Tls::None, 25),
            Security::None => {
                return Err(bad(&"without encryption only to this machine; write `security = \"starttls\"`"));
            }
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.server)
            .port(server.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(WAIT));
        if let (Some(user), Some(password)) = (&server.user, password) {
            builder = builder.credentials(Credentials::new(user.clone(), password.to_owned()));
        }
        Ok(Mailer { transport: builder.build(), from })
    }

    /// Sends one letter.
    pub async fn send(&self, letter: &Letter) -> Result<(), EgressError> {
        let bad = |why: &dyn std::fmt::Display| EgressError::BadLetter(why.to_string());
        if letter.text.len() > LETTER_BYTES_MAX {
            return Err(bad(&"it is too long"));
        }
        let domain = self.from.email.domain();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse().map_err(|error| bad(&error))?)
            .subject(&letter.subject)
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .header(AutoSubmitted("auto-generated".to_owned()));
        if let Some(end) = &letter.end {
            message = message
                .header(ListUnsubscribe(format!("<{end}>")))
                .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()));
        }
        let message =
            message.header(ContentType::TEXT_PLAIN).body(letter.text.clone()).map_err(|error| bad(&error))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(EgressError::Refused(error.to_string())),
            Err(error) if error.is_transient() => Err(EgressError::Later(error.to_string())),
            Err(error) => Err(EgressError::Away(error.to_string())),
        }
    }
}
