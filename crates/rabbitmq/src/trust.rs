//! Which certificate authorities an encrypted broker is checked against.

use std::fs;

use lapin::tcp::OwnedTLSConfig;

use crate::options::Config;

/// Where systems keep the certificate authorities that they trust.
const BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The authorities of the configuration or, without any, those of the system.
pub(crate) fn tls(config: &Config) -> OwnedTLSConfig {
    let given = config.options.authorities.clone();
    OwnedTLSConfig {
        identity: None,
        cert_chain: given.or_else(|| config.is_encrypted().then(of_the_system).flatten()),
    }
}

fn of_the_system() -> Option<String> {
    BUNDLES.iter().find_map(|path| fs::read_to_string(path).ok())
}
