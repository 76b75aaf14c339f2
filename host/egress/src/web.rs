//! Requests to web servers that the configuration names: no redirects, no cookies, answers of bounded size and time.

use std::path::Path;
use std::time::Duration;

use http::{Request, Response, Uri};

use crate::{EgressError, Mode};

/// Longest wait for an answer.
const WAIT: Duration = Duration::from_secs(10);
/// Longest answer, bytes.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// Asks web servers.
#[derive(Clone)]
pub struct Web {
    client: reqwest::Client,
}

impl Web {
    /// One; `certificate` is a PEM file to trust beside the usual authorities, of a server of one's own.
    pub fn new(mode: Mode, certificate: Option<&Path>) -> Result<Web, EgressError> {
        if mode == Mode::OnionOnly {
            return Err(EgressError::Closed);
        }
        let bad = |error: &dyn std::fmt::Display| EgressError::BadServer(error.to_string());
        let mut client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .timeout(WAIT);
        if let Some(path) = certificate {
            let pem = std::fs::read(path).map_err(|error| bad(&error))?;
            let certificate = reqwest::Certificate::from_pem(&pem).map_err(|error| bad(&error))?;
            client = client.add_root_certificate(certificate);
        }
        Ok(Web { client: client.build().map_err(|error| bad(&error))? })
    }

    /// Whether an address may be asked: encrypted, or on this machine.
    pub fn check(address: &Uri) -> Result<(), EgressError> {
        let here = |host: &str| {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        };
        match (address.scheme_str(), address.host()) {
            (Some("https"), Some(_)) => Ok(()),
            (Some("http"), Some(host)) if here(host) => Ok(()),
            _ => Err(EgressError::BadServer(format!("`{address}` is not https"))),
        }
    }

    /// Asks, and reads the whole answer.
    pub async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, EgressError> {
        self.ask_for(request, ANSWER_BYTES_MAX).await
    }

    /// The same for an answer of at most so many bytes.
    pub async fn ask_for(
        &self,
        request: Request<Vec<u8>>,
        most: usize,
    ) -> Result<Response<Vec<u8>>, EgressError> {
        Web::check(request.uri())?;
        let away = |error: &dyn std::fmt::Display| EgressError::Away(error.to_string());
        let request = reqwest::Request::try_from(request).map_err(|error| away(&error))?;
        let mut answer = self.client.execute(request).await.map_err(|error| away(&error))?;
        let mut response = Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| away(&error))? {
            if body.len() + chunk.len() > most {
                return Err(away(&"the answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        response.body(body).map_err(|error| away(&error))
    }
}
