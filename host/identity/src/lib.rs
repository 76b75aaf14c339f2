//! Accounts, passwords, sessions: who is at the door, and which agent they act as.
//!
//! Nothing of this is journaled and no decision depends on it but through the agent it names.
//!
//! Invariants:
//! - a password is kept as Argon2id in PHC form, a session token only as its digest;
//! - a wrong name costs as much time as a wrong password;
//! - time comes in as a value.

pub mod cookie;
pub mod factor;
pub mod feed;
pub mod hook;
pub mod invitation;
pub mod line;
pub mod mail;
pub mod oidc;
pub mod passkey;
pub mod rate;
mod seal;
pub mod token;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use journal::hex;
use sha2::{Digest, Sha256};
pub use store::accounts::Account;
use store::{Store, StoreError};
use thiserror::Error;
use tokio::sync::Semaphore;
use valueflows::{Id, Instant};

/// How long a session lasts: a month; people come once a week.
pub const SESSION_US: i64 = 30 * Instant::DAY_US;
/// Longest name or password that is looked at, bytes.
pub const FIELD_BYTES_MAX: usize = 200;

/// Passwords checked at once: each takes 19 MiB and a core for some twenty milliseconds.
static HASHING: Semaphore = Semaphore::const_new(2);

/// Why somebody is not let in.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// Wrong name or password; which of the two is not said.
    #[error("this name and password do not belong together; check both, or ask a steward for a new password")]
    NotYou,
    /// A code that does not count, or not any more.
    #[error("this code does not count, or not any more; take the newest one")]
    BadCode,
    /// A name that cannot be an account's.
    #[error("a name and a password have from 1 to 200 characters")]
    BadName,
    /// A name that is taken.
    #[error("there is an account `{0}` in this network already")]
    Taken(String),
    /// A name that is nobody's.
    #[error("nobody signs in as `{0}` in this network")]
    Nobody(String),
    /// The hasher failed.
    #[error("passwords cannot be checked right now: {0}")]
    Hasher(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A session just opened: the secret that goes into the cookie.
#[derive(Debug, Clone)]
pub struct Session {
    /// Sixty-four hexadecimal digits.
    pub token: String,
    /// Whose it is.
    pub account: Account,
}

/// A digest for ids that follow from something.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn token_digest(token: &str) -> Vec<u8> {
    digest(token).to_vec()
}

/// Whether a name or a password can be one at all.
pub fn check_field(text: &str) -> Result<(), IdentityError> {
    match text.is_empty() || text.len() > FIELD_BYTES_MAX {
        true => Err(IdentityError::BadName),
        false => Ok(()),
    }
}

/// Whether an account of this name and password could be made: said before anything else is done for it.
pub async fn check_new(
    store: &Store,
    network: i64,
    (name, password): (&str, &str),
) -> Result<(), IdentityError> {
    check_field(name)?;
    check_field(password)?;
    match store.account(network, name).await? {
        Some(_) => Err(IdentityError::Taken(name.to_owned())),
        None => Ok(()),
    }
}

/// Adds an account that acts as an agent.
pub async fn add_account(
    store: &Store,
    network: i64,
    (name, password): (&str, &str),
    agent: Id,
    now: Instant,
) -> Result<(), IdentityError> {
    check_field(name)?;
    let hash = hash(password)?;
    match store.add_account(network, name, &hash, agent, now).await {
        Err(StoreError::Constraint(_)) => Err(IdentityError::Taken(name.to_owned())),
        other => Ok(other?),
    }
}

/// Lets whoever signs in to one network sign in to a copy of it, by the same name and password, as who they are there.
pub async fn copy_account(
    store: &Store,
    (network, agent): (i64, Id),
    (copy, there): (i64, Id),
    now: Instant,
) -> Result<bool, IdentityError> {
    let Some(account) = store.account_of_agent(network, agent).await? else { return Ok(false) };
    store.add_account(copy, &account.name, &account.password, there, now).await?;
    Ok(true)
}

/// Gives an account another password; whoever is signed in to it is signed out everywhere.
pub async fn renew_password(
    store: &Store,
    network: i64,
    (name, password): (&str, &str),
) -> Result<(), IdentityError> {
    match store.renew_account(network, name, &hash(password)?).await? {
        true => Ok(()),
        false => Err(IdentityError::Nobody(name.to_owned())),
    }
}

fn hash(password: &str) -> Result<String, IdentityError> {
    check_field(password)?;
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| IdentityError::Hasher(error.to_string()))
}

/// What a right name and password lead to.
#[derive(Debug)]
pub enum Entered {
    /// A session.
    In(Session),
    /// A second step: whoever knows the password is asked for a code too.
    Code(Account),
}

/// Signs somebody in who has just been given an account, which has no second step yet.
pub async fn sign_in_new(
    store: &Store,
    network: i64,
    who: (&str, &str),
    secret: [u8; 32],
    now: Instant,
) -> Result<Session, IdentityError> {
    match sign_in(store, network, who, secret, now).await? {
        Entered::In(session) => Ok(session),
        Entered::Code(_) => Err(IdentityError::NotYou),
    }
}

/// Signs somebody in; `secret` is thirty-two random bytes for the session's token.
pub async fn sign_in(
    store: &Store,
    network: i64,
    (name, password): (&str, &str),
    secret: [u8; 32],
    now: Instant,
) -> Result<Entered, IdentityError> {
    check_field(name)?;
    check_field(password)?;
    let account = store.account(network, name).await?;
    // A name that nobody has is checked against a hash that nobody has a password for.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$9hYv7hJmTnB9mJr2kJmQq0F0k3uYwG8m1y7sW8cXkqg";
    let hash = account.as_ref().map_or(NOBODY, |account| &account.password).to_owned();
    let known = PasswordHash::new(&hash).map_err(|error| IdentityError::Hasher(error.to_string()))?;
    // Hashing is slow on purpose: nobody else waits for it, and no crowd at the door takes every core.
    let _turn = HASHING.acquire().await;
    let check = || Argon2::default().verify_password(password.as_bytes(), &known).is_ok();
    let matches = tokio::task::block_in_place(check);
    let account = account.filter(|_| matches).ok_or(IdentityError::NotYou)?;
    enter(store, account, secret, now).await
}

/// What comes after the first step, whichever it was: a session, or the second step where there is one.
async fn enter(
    store: &Store,
    account: Account,
    secret: [u8; 32],
    now: Instant,
) -> Result<Entered, IdentityError> {
    match store.factor(account.key).await?.and_then(|factor| factor.since) {
        Some(_) => Ok(Entered::Code(account)),
        None => Ok(Entered::In(open(store, account, secret, now).await?)),
    }
}

/// Opens a session for somebody of whom it is known that it is them.
async fn open(
    store: &Store,
    account: Account,
    secret: [u8; 32],
    now: Instant,
) -> Result<Session, IdentityError> {
    let token = hex(&secret);
    store.sweep_sessions(now).await?;
    store.open_session(&token_digest(&token), account.key, now.plus_us(SESSION_US)).await?;
    Ok(Session { token, account })
}

/// The account behind a session's token, if it has not expired.
pub async fn account_of(store: &Store, token: &str, now: Instant) -> Result<Option<Account>, IdentityError> {
    if token.len() != 64 {
        return Ok(None);
    }
    Ok(store.session_account(&token_digest(token), now).await?)
}

/// Gives somebody another password who knows the one they have; whoever is signed in elsewhere is signed out.
pub async fn change_password(
    store: &Store,
    account: &Account,
    (old, new): (&str, &str),
    token: &str,
) -> Result<(), IdentityError> {
    check_field(old)?;
    check_field(new)?;
    check_password(account, old).await?;
    let hash = tokio::task::block_in_place(|| hash(new))?;
    store.set_password(account.key, &hash).await?;
    store.close_other_sessions(account.key, &token_digest(token)).await?;
    Ok(())
}

/// Whether somebody knows the password of an account.
pub async fn check_password(account: &Account, password: &str) -> Result<(), IdentityError> {
    check_field(password)?;
    let known =
        PasswordHash::new(&account.password).map_err(|error| IdentityError::Hasher(error.to_string()))?;
    let _turn = HASHING.acquire().await;
    let check = || Argon2::default().verify_password(password.as_bytes(), &known).is_ok();
    match tokio::task::block_in_place(check) {
        true => Ok(()),
        false => Err(IdentityError::NotYou),
    }
}

/// Ends every session of somebody but the one that they say it in; how many ended.
pub async fn sign_out_elsewhere(store: &Store, account: i64, token: &str) -> Result<u64, IdentityError> {
    Ok(store.close_other_sessions(account, &token_digest(token)).await?)
}

/// Ends a session.
pub async fn sign_out(store: &Store, token: &str) -> Result<(), IdentityError> {
    Ok(store.close_session(&token_digest(token)).await?)
}

/// The word that a session's forms carry, so that no other site can send them.
pub fn form_word(token: &str) -> String {
    hex(&Sha256::digest(format!("reflow form\0{token}").as_bytes()))
}
