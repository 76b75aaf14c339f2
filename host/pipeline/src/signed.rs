//! Commands that are signed by whoever sends them: what is signed, and what a signature is worth.

use governance::{AnyAct, Command, GoverningAct, KeyAct, Signed, keys, membership};
use journal::{canonical, signature};
use ledger::{Signer, View};
use policy::{Scene, SignedBy};
use serde_json::{Value as Json, json};
use valueflows::{Class, Id, NetworkId, Part, Prop};

use crate::decision::Refused;
use crate::error::Rejection;
use crate::halt::Halt;

/// What the signed bytes are, so that they are never taken for others.
const TYPE: &str = "reflow/command/1";

/// The canonical bytes that a signature is over: the network, the command's books part, and what its personal part is
/// committed to. What is personal can be erased, and the signature stays.
pub fn bytes(
    network: NetworkId,
    command: &Command,
    personal: Option<&str>,
) -> Result<Vec<u8>, journal::JournalError> {
    let unsigned = Command { signed: None, ..command.clone() };
    let mut document = json!({
        "type": TYPE, "network": network.to_string(), "command": unsigned.to_json(Part::Books),
    });
    if let (Json::Object(map), Some(personal)) = (&mut document, personal) {
        map.insert("personal".to_owned(), json!(personal));
    }
    canonical::bytes(&document)
}

/// A salt, as 32 hexadecimal digits.
pub fn salt(text: &str) -> Option<journal::Salt> {
    journal::unhex(text)?.try_into().ok()
}

/// What a command's personal part is committed to under a salt; nothing, where there is none.
pub fn commitment(command: &Command, salt: &journal::Salt) -> Result<Option<String>, journal::JournalError> {
    match command.to_json(Part::Personal) {
        Json::Null => Ok(None),
        personal => Ok(Some(signature::commitment(salt, &canonical::bytes(&personal)?).to_string())),
    }
}

/// What somebody signs: the text, and what goes with the command beside the signature.
#[derive(Debug, Clone)]
pub struct ToSign {
    /// The canonical bytes, as text.
    pub text: String,
    /// What the personal part is committed to; nothing, where there is none.
    pub personal: Option<String>,
    /// Under which salt.
    pub salt: Option<String>,
}

impl ToSign {
    /// What there is to sign in a command.
    pub fn of(network: NetworkId, command: &Command, salt: journal::Salt) -> Result<ToSign, Rejection> {
        let personal = commitment(command, &salt)?;
        let text = String::from_utf8(bytes(network, command, personal.as_deref())?);
        let text = text.map_err(|error| Rejection::Internal(error.to_string()))?;
        let salt = personal.as_ref().map(|_| journal::hex(&salt));
        Ok(ToSign { text, personal, salt })
    }

    /// As a document.
    pub fn to_json(&self) -> Json {
        let mut json = json!({"text": self.text});
        if let (Json::Object(map), Some(personal), Some(salt)) = (&mut json, &self.personal, &self.salt) {
            map.insert("personal".to_owned(), json!(personal));
            map.insert("salt".to_owned(), json!(salt));
        }
        json
    }

    /// With a signature: what stands in the command.
    pub fn signed(self, key: String, signature: String) -> Signed {
        Signed { key, signature, personal: self.personal, salt: self.salt }
    }
}

/// By whose key a command is signed, and the key. A signature that does not hold refuses the command, signed or not
/// needed: whoever signs means it.
pub(crate) fn check(
    view: &View,
    command: &Command,
    scene: Scene,
) -> Result<(SignedBy, Option<Signer>), Halt> {
    let names_key = |act: &AnyAct| match act {
        AnyAct::Governing(GoverningAct::Key(KeyAct::Enrol { pair, .. } | KeyAct::Rotate { pair })) => {
            Some(pair.key.clone())
        }
        _ => None,
    };
    let named = command.acts.iter().find_map(names_key);
    if named.is_some() && scene.via.delegation().is_some() {
        return Err(refused("own-hand", "nobody changes somebody else's key", "They do it themselves."));
    }
    // What is not signed reads nothing: entries from before there were signatures come out as they did.
    if command.signed.is_none() && scene.signed_by == SignedBy::Node {
        return Ok((SignedBy::Node, None));
    }
    let hand = hand(view, command.agent, scene)?;
    let membership = membership::of(view, hand)?;
    let own = membership.as_deref().and_then(keys::of);
    let Some(signed) = &command.signed else {
        // A rehearsal takes it that whoever holds a key has signed with it.
        let key = named.or(own.map(|(key, _)| key.to_owned()));
        return Ok((scene.signed_by, key.map(signer)));
    };
    let bad = |why: String| {
        refused(
            "bad-signature",
            &format!("the signature does not hold: {why}"),
            "Sign exactly what is asked, once more.",
        )
    };
    let broken = |error: journal::JournalError| Halt::Broken(error.to_string());
    if let Some(salt) = &signed.salt {
        let salt = self::salt(salt).ok_or_else(|| bad("the salt is cut".to_owned()))?;
        if commitment(command, &salt).map_err(broken)? != signed.personal {
            return Err(bad("what is personal is not what was signed".to_owned()));
        }
    } else if command.to_json(Part::Personal) != Json::Null {
        return Err(bad("what is personal has no salt".to_owned()));
    }
    let bytes = bytes(scene.network, command, signed.personal.as_deref()).map_err(broken)?;
    signature::check(&signed.key, &bytes, &signed.signature).map_err(|error| bad(error.to_string()))?;
    match own {
        Some((key, held)) if key == signed.key => Ok((held.into(), Some(signer(signed.key.clone())))),
        _ if named.as_ref() == Some(&signed.key) => Ok((SignedBy::Node, Some(signer(signed.key.clone())))),
        _ => Err(refused(
            "unknown-key",
            "it is signed with a key that is not yours here now",
            "Sign with the key that you use in this network.",
        )),
    }
}

/// Whoever's hand it is: of those who act for somebody, their own.
fn hand(view: &View, agent: Id, scene: Scene) -> Result<Id, Halt> {
    let Some(delegation) = scene.via.delegation() else { return Ok(agent) };
    let delegation = view.record(delegation)?.filter(|record| record.class == Class::Delegation);
    Ok(delegation.and_then(|record| record.fields.id(Prop::Delegate)).unwrap_or(agent))
}

fn signer(key: String) -> Signer {
    Signer { digest: signature::digest_of_key(&key), key }
}

fn refused(code: &str, sentence: &str, remedy: &str) -> Halt {
    Halt::Refused(Refused {
        by: "ledger",
        code: code.to_owned(),
        sentence: sentence.to_owned(),
        remedy: remedy.to_owned(),
        reasons: Vec::new(),
    })
}
