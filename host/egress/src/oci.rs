//! A registry of the Open Container Initiative, spoken to by hand: blobs by digest, manifests by tag or digest, tags. What is
//! in them is nothing that this room knows.
//!
//! Source: OCI Distribution Specification 1.1. Bytes are held against the digest that they were asked for by.

use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, LOCATION, WWW_AUTHENTICATE};
use http::{Method, Request, Response, StatusCode, Uri};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::{EgressError, Web};

/// The media type of a manifest.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
/// The media type of a list of manifests.
const INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Longest manifest, or list of tags.
const MANIFEST_BYTES_MAX: usize = 1 << 20;
/// How often an answer may send elsewhere for a blob.
const REDIRECTS_MAX: usize = 3;

/// A repository of a registry: one name, and all of its versions.
pub struct Repository {
    web: Web,
    base: String,
    name: String,
    login: Option<(String, String)>,
    token: Mutex<Option<String>>,
}

/// `sha256:` and the digest of bytes.
pub fn digest(bytes: &[u8]) -> String {
    let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

impl Repository {
    /// One at `host[:port]/path`, in the clear on this machine alone; `login` is a name and a password, or a token.
    pub fn new(web: Web, at: &str, login: Option<(String, String)>) -> Result<Repository, EgressError> {
        let bad = || {
            EgressError::BadServer(format!(
                "`{at}` is no registry with a path, as in `registry.example.org/our-rules`"
            ))
        };
        let (host, name) = at.split_once('/').ok_or_else(bad)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_./".contains(c);
        if host.is_empty() || name.is_empty() || !name.chars().all(fits) || name.contains("..") {
            return Err(bad());
        }
        let here = host == "localhost" || host.starts_with("localhost:") || host.starts_with("127.");
        let base = format!("{}://{host}", if here { "http" } else { "https" });
        Web::check(&base.parse::<Uri>().map_err(|_| bad())?)?;
        Ok(Repository { web, base, name: name.to_owned(), login, token: Mutex::default() })
    }

    /// The tags; none where there is no such repository.
    pub async fn tags(&self) -> Result<Vec<String>, EgressError> {
        let answer = self.ask(Method::GET, "tags/list", &[], Vec::new(), MANIFEST_BYTES_MAX).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(Vec::new());
        }
        let answer = sound(answer)?;
        let json: Json = serde_json::from_slice(answer.body()).map_err(|error| wrong(&error))?;
        let tags = json.get("tags").and_then(Json::as_array).into_iter().flatten();
        Ok(tags.filter_map(Json::as_str).map(str::to_owned).collect())
    }

    /// A manifest by its tag or digest; none where there is none.
    pub async fn manifest(&self, reference: &str) -> Result<Option<Vec<u8>>, EgressError> {
        let accept = [(ACCEPT.as_str(), format!("{MANIFEST}, {INDEX}"))];
        let path = format!("manifests/{reference}");
        let answer = self.ask(Method::GET, &path, &accept, Vec::new(), MANIFEST_BYTES_MAX).await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let bytes = sound(answer)?.into_body();
        match reference.starts_with("sha256:") && digest(&bytes) != reference {
            true => Err(wrong(&format!("the registry gave other bytes than `{reference}`"))),
            false => Ok(Some(bytes)),
        }
    }

    /// Puts a manifest under a tag, or under its digest.
    pub async fn put_manifest(
        &self,
        reference: &str,
        media: &str,
        bytes: Vec<u8>,
    ) -> Result<(), EgressError> {
        let kind = [(CONTENT_TYPE.as_str(), media.to_owned())];
        let path = format!("manifests/{reference}");
        sound(self.ask(Method::PUT, &path, &kind, bytes, MANIFEST_BYTES_MAX).await?).map(drop)
    }

    /// A blob by its digest, of at most so many bytes.
    pub async fn blob(&self, digest: &str, most: usize) -> Result<Vec<u8>, EgressError> {
        let mut answer = self.ask(Method::GET, &format!("blobs/{digest}"), &[], Vec::new(), most).await?;
        for _ in 0..REDIRECTS_MAX {
            if !answer.status().is_redirection() {
                break;
            }
            // It lies elsewhere, which is told no secret of ours.
            let to = header(answer.headers(), LOCATION.as_str())
                .ok_or_else(|| wrong(&"it sends elsewhere, and not where"))?;
            let request =
                Request::get(self.elsewhere(to)?).body(Vec::new()).map_err(|error| wrong(&error))?;
            answer = self.web.ask_for(request, most).await?;
        }
        let bytes = sound(answer)?.into_body();
        match self::digest(&bytes) == digest {
            true => Ok(bytes),
            false => Err(wrong(&format!("the registry gave other bytes than `{digest}`"))),
        }
    }

    /// Puts a blob there, if it is not there yet; its digest.
    pub async fn put_blob(&self, bytes: &[u8]) -> Result<String, EgressError> {
        let digest = digest(bytes);
        let known =
            self.ask(Method::HEAD, &format!("blobs/{digest}"), &[], Vec::new(), MANIFEST_BYTES_MAX).await?;
        if known.status() == StatusCode::OK {
            return Ok(digest);
        }
        let begun = self.ask(Method::POST, "blobs/uploads/", &[], Vec::new(), MANIFEST_BYTES_MAX).await?;
        let begun = sound(begun)?;
        let to = header(begun.headers(), LOCATION.as_str())
            .ok_or_else(|| wrong(&"it does not say where to put it"))?;
        let to = if to.starts_with('/') { format!("{}{to}", self.base) } else { self.elsewhere(to)? };
        let to = format!("{to}{}digest={digest}", if to.contains('?') { '&' } else { '?' });
        let kind = [(CONTENT_TYPE.as_str(), "application/octet-stream".to_owned())];
        sound(self.send(Method::PUT, &to, &kind, bytes.to_vec(), MANIFEST_BYTES_MAX).await?)?;
        Ok(digest)
    }

    /// Where a registry sends somebody: another machine's does not send to this one.
    fn elsewhere(&self, to: String) -> Result<String, EgressError> {
        match to.starts_with("https://") || self.base.starts_with("http://") {
            true => Ok(to),
            false => Err(wrong(&format!("it sends to `{to}`, which is not https"))),
        }
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
        most: usize,
    ) -> Result<Response<Vec<u8>>, EgressError> {
        let to = format!("{}/v2/{}/{path}", self.base, self.name);
        self.send(method, &to, headers, body, most).await
    }

    /// Sends; where the registry wants to know who asks, it is told, once.
    async fn send(
        &self,
        method: Method,
        to: &str,
        headers: &[(&str, String)],
        body: Vec<u8>,
        most: usize,
    ) -> Result<Response<Vec<u8>>, EgressError> {
        let request = |authorization: Option<String>| {
            let mut request = Request::builder().method(method.clone()).uri(to);
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            // Another host is told nothing.
            if let Some(value) = authorization.filter(|_| to.starts_with(&format!("{}/", self.base))) {
                request = request.header(AUTHORIZATION, value);
            }
            request.body(body.clone()).map_err(|error| wrong(&error))
        };
        let known = self.token.lock().ok().and_then(|token| token.clone());
        let answer = self.web.ask_for(request(known)?, most).await?;
        if answer.status() != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let Some(challenge) = header(answer.headers(), WWW_AUTHENTICATE.as_str()) else { return Ok(answer) };
        let Some(authorization) = self.authorize(&challenge).await? else { return Ok(answer) };
        if let Ok(mut token) = self.token.lock() {
            *token = Some(authorization.clone());
        }
        self.web.ask_for(request(Some(authorization))?, most).await
    }

    /// What to say to a registry that asks who asks; nothing where there is nothing to say.
    async fn authorize(&self, challenge: &str) -> Result<Option<String>, EgressError> {
        let basic = self
            .login
            .as_ref()
            .map(|(name, word)| format!("Basic {}", STANDARD.encode(format!("{name}:{word}"))));
        let Some(said) = challenge.strip_prefix("Bearer ") else { return Ok(basic) };
        let part = |name: &str| {
            let (_, rest) = said.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value.to_owned())
        };
        let realm = part("realm").ok_or_else(|| wrong(&"it does not say where to get a token"))?;
        let realm = self.elsewhere(realm)?;
        let mut to = format!("{realm}{}", if realm.contains('?') { '&' } else { '?' });
        for name in ["service", "scope"] {
            if let Some(value) = part(name) {
                to.push_str(&format!("{name}={}&", value.replace(' ', "%20")));
            }
        }
        let mut request = Request::get(to.trim_end_matches(['&', '?']));
        if let Some(basic) = basic {
            request = request.header(AUTHORIZATION, basic);
        }
        let request = request.body(Vec::new()).map_err(|error| wrong(&error))?;
        let answer = sound(self.web.ask_for(request, MANIFEST_BYTES_MAX).await?)?;
        let json: Json = serde_json::from_slice(answer.body()).map_err(|error| wrong(&error))?;
        let token = json.get("token").or_else(|| json.get("access_token")).and_then(Json::as_str);
        Ok(token.map(|token| format!("Bearer {token}")))
    }
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

fn wrong(error: &dyn std::fmt::Display) -> EgressError {
    EgressError::Away(error.to_string())
}

/// An answer that is none of refusal.
fn sound(answer: Response<Vec<u8>>) -> Result<Response<Vec<u8>>, EgressError> {
    match answer.status() {
        status if status.is_success() => Ok(answer),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(EgressError::Refused(format!(
            "it wants to know who asks ({}): say so with REFLOW_REGISTRY_LOGIN=NAME:PASSWORD",
            answer.status()
        ))),
        status => {
            let said: String = String::from_utf8_lossy(answer.body()).chars().take(200).collect();
            Err(EgressError::Away(format!("{status} {said}")))
        }
    }
}
