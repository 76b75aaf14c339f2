//! A second step at the door: codes of six digits that follow from a secret and the time (TOTP, RFC 6238), and codes
//! on paper that stand in for one each.
//!
//! Invariants:
//! - the code of a step of time is used once, and none of an earlier step after it;
//! - codes on paper are kept as digests;
//! - whoever only has the secret's page, or only the password, does not get in.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use journal::hex;
use sha2::Sha256;
use store::Store;
use totp_rs::{Builder, Secret, Totp};
use valueflows::Instant;

use crate::{Account, FIELD_BYTES_MAX, IdentityError, Session, seal};

/// Codes on paper that somebody gets.
pub const CODES: usize = 10;
/// How long somebody has for the second step, once the first is done.
pub const PENDING_US: i64 = 5 * 60 * 1_000_000;
/// Bytes of a code on paper: eighty bits, so that a digest of it is nothing to guess at.
const CODE_LEN: usize = 10;
const SEAL: &str = "second-steps";
/// Thirty-two signs that nobody mistakes for each other.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// What somebody puts into the program that makes their codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setup {
    /// As an address, for a picture.
    pub address: String,
    /// As signs to type.
    pub typed: String,
}

/// Begins to set one up; `secret` is thirty-two random bytes, of which twenty are used. One that is being set up already
/// is gone on with.
pub async fn begin(store: &Store, account: &Account, secret: [u8; 32]) -> Result<(), IdentityError> {
    if store.factor(account.key).await?.is_none() {
        let (used, _) = secret.split_at(20);
        store.begin_factor(account.key, used).await?;
    }
    Ok(())
}

/// The one that is being set up.
pub async fn setup(store: &Store, account: &Account, network: &str) -> Result<Option<Setup>, IdentityError> {
    let Some(factor) = store.factor(account.key).await?.filter(|factor| factor.since.is_none()) else {
        return Ok(None);
    };
    // A colon parts the two in the address.
    let plain = |text: &str| text.replace(':', " ");
    let totp = totp(&factor.secret, &plain(network), &plain(&account.name))?;
    let address = totp.to_url().map_err(|error| IdentityError::Hasher(error.to_string()))?;
    Ok(Some(Setup { address, typed: totp.secret().to_base32() }))
}

fn totp(secret: &[u8], network: &str, name: &str) -> Result<Totp, IdentityError> {
    let build = Builder::new()
        .with_secret(Secret::new(secret.into()))
        .with_issuer(Some(network))
        .with_account_name(name)
        .build();
    build.map_err(|error| IdentityError::Hasher(error.to_string()))
}

/// The step of time that a code is of; none if it is of none that counts now.
fn step_of(secret: &[u8], code: &str, now: Instant) -> Result<Option<i64>, IdentityError> {
    let digits: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|sign| sign.is_ascii_digit()) {
        return Ok(None);
    }
    let seconds = u64::try_from(now.0.div_euclid(1_000_000)).unwrap_or_default();
    let step = totp(secret, "reflow", "reflow")?.check(&digits, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// From now on it is asked for; gives the codes on paper, which are shown once. `random` are a hundred random bytes.
pub async fn confirm(
    store: &Store,
    account: &Account,
    code: &str,
    random: &[u8],
    now: Instant,
) -> Result<Vec<String>, IdentityError> {
    let factor = store.factor(account.key).await?.filter(|factor| factor.since.is_none());
    let factor = factor.ok_or(IdentityError::BadCode)?;
    let step = step_of(&factor.secret, code, now)?.ok_or(IdentityError::BadCode)?;
    if !store.confirm_factor(account.key, now, step).await? {
        return Err(IdentityError::BadCode);
    }
    renew_codes(store, account, random).await
}

/// Other codes on paper; those from before are void.
pub async fn renew_codes(
    store: &Store,
    account: &Account,
    random: &[u8],
) -> Result<Vec<String>, IdentityError> {
    let codes: Vec<String> = random.chunks_exact(CODE_LEN).take(CODES).map(paper).collect();
    if codes.len() < CODES {
        return Err(IdentityError::Hasher("too little randomness for codes".into()));
    }
    let digests: Vec<String> = codes.iter().map(|code| hex(&digest(account, code))).collect();
    store.put_recovery(account.key, &digests).await?;
    Ok(codes)
}

/// Five bits a sign, in groups of four.
fn paper(bytes: &[u8]) -> String {
    let mut bits = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| (byte >> bit) & 1));
    let mut text = String::new();
    for sign in 0..bytes.len() * 8 / 5 {
        if sign > 0 && sign % 4 == 0 {
            text.push('-');
        }
        let value = (0..5).fold(0, |sum, _| (sum << 1) | usize::from(bits.next().unwrap_or_default()));
        text.push(char::from(SIGNS.get(value).copied().unwrap_or(b'?')));
    }
    text
}

fn digest(account: &Account, code: &str) -> Vec<u8> {
    let plain: String = code.to_lowercase().chars().filter(|sign| sign.is_ascii_alphanumeric()).collect();
    crate::token_digest(&format!("reflow code\0{}\0{plain}", account.agent))
}

/// Checks a code, of the program's or on paper, and uses it up.
pub async fn check(store: &Store, account: &Account, code: &str, now: Instant) -> Result<(), IdentityError> {
    let factor = store.factor(account.key).await?.filter(|factor| factor.since.is_some());
    let Some(factor) = factor.filter(|_| code.len() <= FIELD_BYTES_MAX) else {
        return Err(IdentityError::BadCode);
    };
    let fits = match step_of(&factor.secret, code, now)? {
        Some(step) => store.use_step(account.key, step).await?,
        None => store.use_recovery(account.key, &digest(account, code)).await?,
    };
    if fits { Ok(()) } else { Err(IdentityError::BadCode) }
}

/// What the form of the second step carries of the first: whose it is and until when it counts, sealed.
pub async fn pending(
    store: &Store,
    account: &Account,
    fresh: [u8; 32],
    now: Instant,
) -> Result<String, IdentityError> {
    let key = store.secret(SEAL, &fresh).await?;
    let mut bytes = account.key.to_be_bytes().to_vec();
    bytes.extend(now.plus_us(PENDING_US).0.to_be_bytes());
    let seal = sealed(&key, &bytes, &account.password)?.finalize().into_bytes();
    bytes.extend(seal);
    Ok(URL_SAFE_NO_PAD.encode(&bytes))
}

// With the password's hash in it, one that was changed meanwhile ends it.
fn sealed(key: &[u8], bytes: &[u8], password: &str) -> Result<Hmac<Sha256>, IdentityError> {
    seal::over(key, &[b"reflow second step\0", bytes, password.as_bytes()])
}

/// The account that a form of the second step is for; none if it is too late, or was never made here.
pub async fn waiting(
    store: &Store,
    network: i64,
    text: &str,
    now: Instant,
) -> Result<Option<Account>, IdentityError> {
    let Some(key) = store.known_secret(SEAL).await? else { return Ok(None) };
    let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let Some((said, seal)) = bytes.split_at_checked(16) else { return Ok(None) };
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        Some(i64::from_be_bytes(said.get(range)?.try_into().ok()?))
    };
    let (Some(account), Some(until)) = (number(0..8), number(8..16)) else { return Ok(None) };
    let Some(account) = store.account_by_key(account).await? else { return Ok(None) };
    let fits = sealed(&key, said, &account.password)?.verify_slice(seal).is_ok();
    Ok(Some(account).filter(|account| fits && Instant(until) > now && account.network == network))
}

/// Signs somebody in by their second step.
pub async fn sign_in(
    store: &Store,
    account: Account,
    code: &str,
    secret: [u8; 32],
    now: Instant,
) -> Result<Session, IdentityError> {
    check(store, &account, code, now).await?;
    crate::open(store, account, secret, now).await
}
