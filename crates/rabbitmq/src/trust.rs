//! Encryption: rustls on ring, and whom an encrypted broker has to be known by.

use std::fs;
use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Where systems keep the certificate authorities that they trust.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The authorities that encrypted brokers are checked against.
#[derive(Clone)]
pub(crate) struct Trust(Arc<ClientConfig>);

impl Trust {
    /// Trust in the given authorities, in PEM, alone; without any, in those of the system.
    pub(crate) fn new(authorities: Option<&str>) -> Result<Self, String> {
        let roots = match authorities {
            Some(text) => roots(text.as_bytes())?,
            None => roots(&of_the_system()?)?,
        };
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(Arc::new(config)))
    }

    /// Encrypts a connection to `host`.
    pub(crate) async fn encrypt(&self, host: &str, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).map_err(io::Error::other)?;
        let connector = tokio_rustls::TlsConnector::from(Arc::clone(&self.0));
        connector.connect(name, stream).await
    }
}

fn roots(pem: &[u8]) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() {
        return Err("no certificate among them".to_owned());
    }
    Ok(roots)
}

fn of_the_system() -> Result<Vec<u8>, String> {
    let mut bundles = BUNDLES.iter();
    let bundle = bundles.find_map(|path| fs::read(path).ok());
    bundle.ok_or_else(|| "this system has none".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_a_certificate_is_nobody_to_trust() {
        assert_eq!(
            Trust::new(Some("")).err().as_deref(),
            Some("no certificate among them")
        );
        assert!(Trust::new(Some("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----")).is_err());
    }

    #[test]
    fn a_certificate_authority_can_be_trusted() {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        let authority = params.self_signed(&key).unwrap();
        assert!(Trust::new(Some(&authority.pem())).is_ok());
    }
}
