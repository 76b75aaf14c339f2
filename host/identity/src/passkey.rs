//! Passkeys: signing in with what a telephone, a computer or a stick keeps, and asks its owner for.
//!
//! A passkey is for the host that it was made under; a node that is known by a number has none. What a ceremony waits
//! for is kept here and taken up once.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Mac;
use serde_json::{Value as Json, json};
use store::Store;
use store::passkeys::KeptPasskey;
use valueflows::Instant;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Url, Uuid, Webauthn, WebauthnBuilder,
};

use crate::{Account, IdentityError, Session, seal, token_digest};

/// For how long a ceremony is waited for.
const WAIT_US: i64 = 5 * 60 * 1_000_000;
/// Most passkeys of one account.
const PASSKEYS_MAX: usize = 16;
/// Longest name that somebody gives one, bytes.
const NAME_BYTES_MAX: usize = 64;
/// Longest answer of a browser, bytes.
const ANSWER_BYTES_MAX: usize = 16 << 10;
const SECRET: &str = "passkeys";

/// A ceremony that has begun: what the browser is asked, and what it is known by.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The options, in JSON, as browsers read them.
    pub options: String,
    /// What the form carries.
    pub token: String,
}

/// A passkey, as its owner sees it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its id, as text.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Since when.
    pub added: Instant,
}

/// Whether passkeys can be made under an origin: on an encrypted line or this machine, under a name and no number.
pub fn origin(origin: &str) -> bool {
    rules(origin).is_ok()
}

fn rules(origin: &str) -> Result<Webauthn, IdentityError> {
    let wrong = |error: String| IdentityError::Hasher(error);
    let url = Url::parse(origin).map_err(|error| wrong(error.to_string()))?;
    let name = url.domain().ok_or_else(|| wrong("a number is no name".to_owned()))?.to_owned();
    if url.scheme() != "https" && name != "localhost" {
        return Err(wrong("the line is not encrypted".to_owned()));
    }
    let builder = WebauthnBuilder::new(&name, &url).map_err(|error| wrong(error.to_string()))?;
    builder.build().map_err(|error| wrong(error.to_string()))
}

fn broken(error: impl std::fmt::Display) -> IdentityError {
    IdentityError::Hasher(error.to_string())
}

/// The passkeys of an account.
pub async fn list(store: &Store, account: i64) -> Result<Vec<Kept>, IdentityError> {
    let kept = store.passkeys(account).await?;
    let shown =
        |one: KeptPasskey| Kept { id: URL_SAFE_NO_PAD.encode(one.id), name: one.name, added: one.added };
    Ok(kept.into_iter().map(shown).collect())
}

async fn known(store: &Store, account: i64) -> Result<Vec<Passkey>, IdentityError> {
    let kept = store.passkeys(account).await?;
    kept.iter().map(|one| serde_json::from_str(&one.body).map_err(broken)).collect()
}

async fn begin(
    store: &Store,
    account: i64,
    (options, state): (Json, String),
    secret: [u8; 32],
    now: Instant,
) -> Result<Begun, IdentityError> {
    let token = journal::hex(&secret);
    store.begin_ceremony(&token_digest(&token), (account, &state), now, now.plus_us(WAIT_US)).await?;
    Ok(Begun { options: options.to_string(), token })
}

/// Begins to make one; none, where there are enough.
pub async fn add(
    store: &Store,
    account: &Account,
    host: &str,
    secret: [u8; 32],
    now: Instant,
) -> Result<Option<Begun>, IdentityError> {
    let rules = rules(host)?;
    let known = known(store, account.key).await?;
    if known.len() >= PASSKEYS_MAX {
        return Ok(None);
    }
    let ids = known.iter().map(|one| one.cred_id().clone()).collect();
    let whose = Uuid::from_bytes(account.agent.0);
    let begun = rules.start_passkey_registration(whose, &account.name, &account.name, Some(ids));
    let (options, state) = begun.map_err(broken)?;
    let options = serde_json::to_value(&options).map_err(broken)?;
    let state = serde_json::to_string(&state).map_err(broken)?;
    begin(store, account.key, (options, state), secret, now).await.map(Some)
}

/// Keeps the one that a browser made; whether it did.
pub async fn added(
    store: &Store,
    (account, host): (i64, &str),
    (token, name, answer): (&str, &str, &str),
    now: Instant,
) -> Result<bool, IdentityError> {
    let rules = rules(host)?;
    let Some((waiting, state)) = store.end_ceremony(&token_digest(token), now).await? else {
        return Ok(false);
    };
    if waiting.key != account || answer.len() > ANSWER_BYTES_MAX {
        return Ok(false);
    }
    let (Ok(state), Ok(answer)) = (
        serde_json::from_str::<PasskeyRegistration>(&state),
        serde_json::from_str::<RegisterPublicKeyCredential>(answer),
    ) else {
        return Ok(false);
    };
    let Ok(passkey) = rules.finish_passkey_registration(&answer, &state) else { return Ok(false) };
    let name: String = name.trim().chars().take(NAME_BYTES_MAX / 4).collect();
    let kept = KeptPasskey {
        id: passkey.cred_id().as_slice().to_vec(),
        name,
        body: serde_json::to_string(&passkey).map_err(broken)?,
        added: now,
    };
    store.add_passkey(account, &kept).await?;
    Ok(true)
}

/// Lets one go.
pub async fn forget(store: &Store, account: i64, id: &str) -> Result<(), IdentityError> {
    match URL_SAFE_NO_PAD.decode(id) {
        Ok(id) => Ok(store.drop_passkey(account, &id).await?),
        Err(_) => Ok(()),
    }
}

/// Begins to sign somebody in. Whoever has none, or is nobody, is asked for one that nobody has: the answer says no more.
pub async fn ask(
    store: &Store,
    (network, name): (i64, &str),
    host: &str,
    [secret, fresh, challenge]: [[u8; 32]; 3],
    now: Instant,
) -> Result<Begun, IdentityError> {
    crate::check_field(name)?;
    let rules = rules(host)?;
    let account = store.account(network, name).await?;
    let known = match &account {
        Some(account) => known(store, account.key).await?,
        None => Vec::new(),
    };
    if let (Some(account), false) = (&account, known.is_empty()) {
        let (options, state) = rules.start_passkey_authentication(&known).map_err(broken)?;
        let options = serde_json::to_value(&options).map_err(broken)?;
        let state = serde_json::to_string(&state).map_err(broken)?;
        return begin(store, account.key, (options, state), secret, now).await;
    }
    let key = store.secret(SECRET, &fresh).await?;
    let nobodys =
        seal::over(&key, &[b"reflow passkey\0", &network.to_be_bytes(), name.to_lowercase().as_bytes()])?;
    let id = URL_SAFE_NO_PAD.encode(nobodys.finalize().into_bytes());
    let host = Url::parse(host).ok().and_then(|url| url.domain().map(str::to_owned)).unwrap_or_default();
    let options = json!({"publicKey": {
        "challenge": URL_SAFE_NO_PAD.encode(challenge), "timeout": 300_000, "rpId": host,
        "allowCredentials": [{"type": "public-key", "id": id}], "userVerification": "required",
    }});
    Ok(Begun { options: options.to_string(), token: journal::hex(&secret) })
}

/// Signs in whoever answers as the one who was asked; a passkey is both steps at once.
pub async fn sign_in(
    store: &Store,
    (network, host): (i64, &str),
    (token, answer): (&str, &str),
    secret: [u8; 32],
    now: Instant,
) -> Result<Session, IdentityError> {
    let rules = rules(host)?;
    let waiting = store.end_ceremony(&token_digest(token), now).await?;
    let (account, state) =
        waiting.filter(|(account, _)| account.network == network).ok_or(IdentityError::NotYou)?;
    if answer.len() > ANSWER_BYTES_MAX {
        return Err(IdentityError::NotYou);
    }
    let state = serde_json::from_str::<PasskeyAuthentication>(&state).map_err(|_| IdentityError::NotYou)?;
    let answer = serde_json::from_str::<PublicKeyCredential>(answer).map_err(|_| IdentityError::NotYou)?;
    let came = rules.finish_passkey_authentication(&answer, &state).map_err(|_| IdentityError::NotYou)?;
    for mut passkey in known(store, account.key).await? {
        // Its count has gone up: one that was copied would say a number twice.
        if passkey.update_credential(&came) == Some(true) {
            let body = serde_json::to_string(&passkey).map_err(broken)?;
            store.change_passkey(account.key, passkey.cred_id().as_slice(), &body).await?;
        }
    }
    crate::open(store, account, secret, now).await
}
