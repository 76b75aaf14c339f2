//! Signing in through another service, by OpenID Connect (authorization code with PKCE): an option of the operator's. Whoever
//! is known there is known here once they have tied it to their account, while they were signed in.
//!
//! Of somebody there nothing is kept but a digest. What a way there and back needs is kept by the browser, sealed.

use std::pin::Pin;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use egress::{EgressError, Web};
use hmac::Mac;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreProviderMetadata};
use openidconnect::{
    AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
};
use serde::{Deserialize, Serialize};
use store::Store;
use tokio::sync::{Mutex, Semaphore};
use valueflows::Instant;

use crate::{Account, IdentityError, seal};

const SECRET: &str = "oidc";
/// For how long somebody may be away.
const AWAY_US: i64 = 10 * 60 * 1_000_000;
/// For how long what a provider says of itself is believed.
const KNOWN_US: i64 = 60 * 60 * 1_000_000;
/// Most who come back at once: each asks the provider something.
const AT_ONCE: usize = 8;
/// Longest cookie, bytes.
const COOKIE_BYTES_MAX: usize = 2_048;

/// A provider, as the configuration names it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// What it is called, on buttons.
    pub name: String,
    /// Its address.
    pub issuer: String,
    /// What it knows this node by.
    pub client_id: String,
    /// The file that holds the secret for it, if it gave one.
    pub client_secret_file: Option<std::path::PathBuf>,
    /// A certificate to trust beside the usual ones, as PEM.
    pub certificate: Option<std::path::PathBuf>,
}

/// A provider.
pub struct Provider {
    /// What it is called, on buttons.
    pub name: String,
    issuer: IssuerUrl,
    client: ClientId,
    secret: Option<ClientSecret>,
    back: RedirectUrl,
    web: Web,
    known: Mutex<Option<(Instant, CoreProviderMetadata)>>,
    turns: Semaphore,
}

/// What somebody goes there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum For {
    /// To sign in.
    SignIn,
    /// To tie who they are there to this account.
    Tie(i64),
}

/// A way there: the address, and what the browser keeps for the way back.
#[derive(Debug, Clone)]
pub struct Way {
    /// Where to.
    pub url: String,
    /// For the cookie.
    pub kept: String,
}

/// Somebody who came back.
#[derive(Debug, Clone)]
pub struct Back {
    /// To which network, by name.
    pub network: String,
    /// What for.
    pub what: For,
    /// Who they are there, as a digest.
    pub subject: [u8; 32],
}

/// Why somebody did not come back.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// The way was never begun in this browser, or too long ago; or it is somebody else's.
    #[error("this way was not begun here, or too long ago")]
    Strayed,
    /// The provider is not there, or says what makes no sense.
    #[error("the provider: {0}")]
    Provider(String),
    /// Too many at once.
    #[error("too many come back at once")]
    Busy,
    /// This node's own books.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl From<store::StoreError> for OidcError {
    fn from(error: store::StoreError) -> OidcError {
        OidcError::Identity(error.into())
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    network: String,
    what: For,
    state: String,
    nonce: String,
    verifier: String,
    until: i64,
}

fn provider(error: impl std::fmt::Display) -> OidcError {
    OidcError::Provider(error.to_string())
}

impl Provider {
    /// One; `base` is the node's own address, `secret` what its file holds.
    pub fn new(
        settings: &Settings,
        secret: Option<String>,
        base: &str,
        web: Web,
    ) -> Result<Provider, OidcError> {
        let issuer = settings.issuer.parse().map_err(provider)?;
        Web::check(&issuer).map_err(provider)?;
        Ok(Provider {
            name: settings.name.clone(),
            issuer: IssuerUrl::new(settings.issuer.clone()).map_err(provider)?,
            client: ClientId::new(settings.client_id.clone()),
            secret: secret.map(ClientSecret::new),
            back: RedirectUrl::new(format!("{}/signed-in-through", base.trim_end_matches('/')))
                .map_err(provider)?,
            web,
            known: Mutex::default(),
            turns: Semaphore::new(AT_ONCE),
        })
    }

    /// Asks the provider something, as its library wants to be let ask.
    fn asking(
        &self,
    ) -> impl Fn(HttpRequest) -> Pin<Box<dyn Future<Output = Result<HttpResponse, EgressError>> + Send>> + use<>
    {
        let web = self.web.clone();
        move |request| {
            let web = web.clone();
            Box::pin(async move { web.ask(request).await })
        }
    }

    /// What the provider says of itself.
    async fn metadata(&self, now: Instant) -> Result<CoreProviderMetadata, OidcError> {
        let mut known = self.known.lock().await;
        if let Some((at, metadata)) = known.as_ref()
            && now < at.plus_us(KNOWN_US)
        {
            return Ok(metadata.clone());
        }
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.asking())
            .await
            .map_err(provider)?;
        *known = Some((now, metadata.clone()));
        Ok(metadata)
    }

    /// A way there; the three are thirty-two random bytes each.
    pub async fn go(
        &self,
        store: &Store,
        (network, what): (&str, For),
        random: [[u8; 32]; 4],
        now: Instant,
    ) -> Result<Way, OidcError> {
        let metadata = self.metadata(now).await?;
        let client = CoreClient::from_provider_metadata(metadata, self.client.clone(), self.secret.clone())
            .set_redirect_uri(self.back.clone());
        let [fresh, state, nonce, verifier] = random;
        let [state, nonce, verifier] = [state, nonce, verifier].map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let challenge =
            PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.clone()));
        let (state_said, nonce_said) = (state.clone(), nonce.clone());
        let (url, ..) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state_said.clone()),
                move || Nonce::new(nonce_said.clone()),
            )
            .set_pkce_challenge(challenge)
            .url();
        let until = now.plus_us(AWAY_US).0;
        let kept = Kept { network: network.to_owned(), what, state, nonce, verifier, until };
        let bytes = serde_json::to_vec(&kept).map_err(provider)?;
        let key = store.secret(SECRET, &fresh).await?;
        let seal = seal::over(&key, &[b"reflow oidc\0", &bytes])?.finalize().into_bytes();
        let kept = format!("{}.{}", URL_SAFE_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(seal));
        Ok(Way { url: url.to_string(), kept })
    }

    /// What a browser kept, if it was sealed here and is not too old.
    async fn opened(store: &Store, kept: &str, now: Instant) -> Result<Kept, OidcError> {
        let parts = kept.split_once('.').filter(|_| kept.len() <= COOKIE_BYTES_MAX);
        let (bytes, seal) = parts.ok_or(OidcError::Strayed)?;
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| OidcError::Strayed);
        let (bytes, seal) = (decode(bytes)?, decode(seal)?);
        let key = store.known_secret(SECRET).await?.ok_or(OidcError::Strayed)?;
        let whole = seal::over(&key, &[b"reflow oidc\0", &bytes])?;
        whole.verify_slice(&seal).map_err(|_| OidcError::Strayed)?;
        let kept: Kept = serde_json::from_slice(&bytes).map_err(|_| OidcError::Strayed)?;
        match now.0 <= kept.until {
            true => Ok(kept),
            false => Err(OidcError::Strayed),
        }
    }

    /// Somebody comes back, with what the provider gave them and what their browser kept.
    pub async fn back(
        &self,
        store: &Store,
        kept: &str,
        (code, state): (&str, &str),
        now: Instant,
    ) -> Result<Back, OidcError> {
        let kept = Provider::opened(store, kept, now).await?;
        if kept.state != state {
            return Err(OidcError::Strayed);
        }
        let _turn = self.turns.try_acquire().map_err(|_| OidcError::Busy)?;
        let metadata = self.metadata(now).await?;
        let client = CoreClient::from_provider_metadata(metadata, self.client.clone(), self.secret.clone())
            .set_redirect_uri(self.back.clone());
        let answer = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(provider)?
            .set_pkce_verifier(PkceCodeVerifier::new(kept.verifier))
            .request_async(&self.asking())
            .await
            .map_err(provider)?;
        let token = openidconnect::TokenResponse::id_token(&answer);
        let token = token.ok_or_else(|| provider("it says nothing of who it is"))?;
        let claims = token.claims(&client.id_token_verifier(), &Nonce::new(kept.nonce)).map_err(provider)?;
        let who = format!("reflow oidc\0{}\0{}", self.issuer.as_str(), claims.subject().as_str());
        Ok(Back { network: kept.network, what: kept.what, subject: crate::digest(&who) })
    }
}

/// Ties who somebody is there to their account here; false, if it is tied to another's.
pub async fn tie(store: &Store, network: i64, back: &Back, account: i64) -> Result<bool, IdentityError> {
    Ok(store.tie(network, &back.subject, account).await?)
}

/// Signs in whoever has tied who they are there to their account here: not that it is all, if they set up a second step.
pub async fn sign_in(
    store: &Store,
    network: i64,
    back: &Back,
    secret: [u8; 32],
    now: Instant,
) -> Result<crate::Entered, IdentityError> {
    let account: Option<Account> = store.tied(network, &back.subject).await?;
    let account = account.ok_or(IdentityError::NotYou)?;
    crate::enter(store, account, secret, now).await
}
