//! The way out: every connection that the node itself opens to another machine, but for its database and its collector of
//! traces, is opened here, in the mode that the operator chose.
//!
//! Invariants:
//! - nothing goes out that the configuration does not name;
//! - in [`Mode::OnionOnly`] nothing goes out in the clear: asking for it is an error, at the start;
//! - a connection to another machine is encrypted; in the clear it goes to this machine alone.
//!
//! ```
//! use egress::{EgressError, MailServer, Mailer, Mode};
//! let server = MailServer::plain("127.0.0.1", 2525, "Library <library@example.org>");
//! assert!(Mailer::new(Mode::Clear, &server, None).is_ok());
//! assert!(matches!(Mailer::new(Mode::OnionOnly, &server, None), Err(EgressError::Closed)));
//! ```

mod mail;
pub mod oci;
mod web;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use mail::{Letter, MailServer, Mailer, Security};
pub use oci::Repository;
pub use web::Web;

/// How the node goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// To the addresses that the configuration names.
    #[default]
    Clear,
    /// Never in the clear.
    OnionOnly,
}

/// Why nothing went out.
#[derive(Debug, Error)]
pub enum EgressError {
    /// The mode forbids it.
    #[error(
        "in onion-only mode nothing goes out in the clear; take `mail` and `oidc` out of the configuration"
    )]
    Closed,
    /// The configuration makes no sense.
    #[error("a server in the configuration: {0}")]
    BadServer(String),
    /// What was to be sent makes no sense.
    #[error("the letter: {0}")]
    BadLetter(String),
    /// The server did not take it, for good: nobody has that address.
    #[error("the server refused it: {0}")]
    Refused(String),
    /// The server answered that it takes this one later.
    #[error("the server takes it later: {0}")]
    Later(String),
    /// The server did not answer as it should.
    #[error("the server did not answer as it should: {0}")]
    Away(String),
}
