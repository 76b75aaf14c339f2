//! Encrypted lines: a certificate and its key from files, read again when the operator says so.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, ServerConfig};

/// The files, and what was last read from them.
#[derive(Clone)]
pub struct Tls {
    files: (PathBuf, PathBuf),
    shown: Arc<Shown>,
    acceptor: TlsAcceptor,
}

#[derive(Debug)]
struct Shown(RwLock<Arc<CertifiedKey>>);

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_tuple("Tls").field(&self.files).finish()
    }
}

impl Tls {
    /// Reads both files: certificates in PEM, the node's own first, and the key to it.
    pub fn open(certificate: &Path, key: &Path) -> Result<Tls, String> {
        let shown = Arc::new(Shown(RwLock::new(Arc::new(read(certificate, key)?))));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("no encrypted lines: {error}"))?;
        let mut config = config.with_no_client_auth().with_cert_resolver(shown.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let files = (certificate.to_owned(), key.to_owned());
        Ok(Tls { files, shown, acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// Reads them again; what was wrong with them leaves the old ones in use.
    pub fn read_again(&self) -> Result<(), String> {
        let fresh = Arc::new(read(&self.files.0, &self.files.1)?);
        *self.shown.0.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    pub(crate) fn acceptor(&self) -> &TlsAcceptor {
        &self.acceptor
    }
}

fn read(certificate: &Path, key: &Path) -> Result<CertifiedKey, String> {
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| format!("the certificate `{}`: {error}", certificate.display()))?;
    if chain.is_empty() {
        return Err(format!("the certificate `{}` holds none in PEM", certificate.display()));
    }
    let secret = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| format!("the certificate's key `{}`: {error}", key.display()))?;
    CertifiedKey::from_der(chain, secret, &ring::default_provider()).map_err(|error| match error {
        Error::InconsistentKeys(_) => {
            format!("`{}` is not the key to `{}`", key.display(), certificate.display())
        }
        error => format!("`{}` and `{}`: {error}", certificate.display(), key.display()),
    })
}
