//! Who acts, by which door, and what is the same for every question of one command.

use governance::keys::Held;
use valueflows::{Id, Instant, NetworkId};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A person or an organisation.
    Agent(Id),
    /// A plugin, proposing.
    Plugin(String),
}

/// By which door a command came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// The command line, on the word of the data folder's owner.
    Console,
    /// A signed-in session.
    Session,
    /// The network's own clock.
    Clock,
    /// A plugin's duty.
    Plugin,
    /// The door, where somebody asks to join who is nobody here yet.
    Door,
    /// A token, in somebody's name: the delegation that it is a key to.
    Token(Id),
    /// Somebody who is signed in, in another's name: the delegation that lets them.
    Delegate(Id),
}

impl Via {
    /// As it stands in journals and in `context.via`.
    pub fn as_str(self) -> &'static str {
        match self {
            Via::Console => "console",
            Via::Session => "session",
            Via::Clock => "clock",
            Via::Plugin => "plugin",
            Via::Door => "door",
            Via::Token(_) => "token",
            Via::Delegate(_) => "delegate",
        }
    }

    /// The delegation under which somebody acts in another's name.
    pub fn delegation(self) -> Option<Id> {
        match self {
            Via::Token(delegation) | Via::Delegate(delegation) => Some(delegation),
            _ => None,
        }
    }

    /// Reads it back.
    pub fn parse(text: &str, delegation: Option<Id>) -> Option<Via> {
        let plain = [Via::Console, Via::Session, Via::Clock, Via::Plugin, Via::Door];
        let delegated = delegation.into_iter().flat_map(|id| [Via::Token(id), Via::Delegate(id)]);
        plain.into_iter().chain(delegated).find(|via| via.as_str() == text)
    }
}

/// By whose key a command is signed: how sure it is that nobody but its sender sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignedBy {
    /// By the node alone, on the word of whoever signed in.
    #[default]
    Node,
    /// By a key that the sender's browser holds.
    Browser,
    /// By a key that the sender holds outside any browser.
    Own,
}

impl SignedBy {
    /// As it stands in journals and in `context.signedBy`.
    pub fn as_str(self) -> &'static str {
        match self {
            SignedBy::Node => "node",
            SignedBy::Browser => Held::Browser.as_str(),
            SignedBy::Own => Held::Own.as_str(),
        }
    }
}

impl SignedBy {
    /// Reads it back.
    pub fn parse(text: &str) -> Option<SignedBy> {
        [SignedBy::Node, SignedBy::Browser, SignedBy::Own].into_iter().find(|by| by.as_str() == text)
    }
}

impl From<Held> for SignedBy {
    fn from(held: Held) -> SignedBy {
        match held {
            Held::Browser => SignedBy::Browser,
            Held::Own => SignedBy::Own,
        }
    }
}

/// What is the same for every question of one command.
#[derive(Debug, Clone, Copy)]
pub struct Scene {
    /// The network.
    pub network: NetworkId,
    /// Whether it is a sandbox.
    pub sandbox: bool,
    /// The books' time.
    pub now: Instant,
    /// The door.
    pub via: Via,
    /// By whose key the command is signed.
    pub signed_by: SignedBy,
}
