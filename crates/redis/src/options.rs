//! How the stats are opened.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use redis::{Client, TlsCertificates};

use crate::keys::{Keys, PREFIX};

/// The longest a connection may take from the first packet to the answered greeting.
const CONNECT: Duration = Duration::from_secs(2);
/// The longest an answer may take.
const CALL: Duration = Duration::from_secs(4);

/// How the stats are opened. Every limit has a default that suits a Redis in the same data centre; together they
/// are below the ten seconds that callers wait.
#[derive(Clone)]
pub struct Options {
    /// Tells when an event was applied.
    pub clock: Arc<dyn Clock>,
    /// What all keys begin with: it has a hash tag, as `{observatory}` is one.
    pub prefix: String,
    /// The certificates, in PEM, that a `rediss` server's own one has to lead to; the system's where there are none.
    pub authorities: Option<String>,
    /// The longest a connection may take from the first packet to the answered greeting.
    pub connect_limit: Duration,
    /// The longest an answer may take.
    pub call_limit: Duration,
}

impl Options {
    /// The defaults.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            prefix: PREFIX.to_owned(),
            authorities: None,
            connect_limit: CONNECT,
            call_limit: CALL,
        }
    }
}

/// The stats cannot be opened, ever.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address does not read as one, or the certificate authorities cannot be used.
    #[error("not the URL of a Redis that can be used: {0}")]
    Url(String),
    /// Keys would be spread over a cluster.
    #[error("prefix `{0}` has no hash tag, as `{{observatory}}` is one")]
    Prefix(String),
}

/// Where Redis is and how to get there.
pub(crate) struct Config {
    pub(crate) client: Client,
    pub(crate) keys: Keys,
    pub(crate) options: Options,
}

impl Config {
    pub(crate) fn new(url: &str, options: Options) -> Result<Self, OpenError> {
        let keys = Keys::new(&options.prefix).ok_or_else(|| OpenError::Prefix(options.prefix.clone()))?;
        let client = match &options.authorities {
            Some(pem) if url.starts_with("rediss:") => {
                let authorities = TlsCertificates {
                    client_tls: None,
                    root_cert: Some(pem.clone().into_bytes()),
                };
                Client::build_with_tls(url, authorities)
            }
            _ => Client::open(url),
        };
        let client = client.map_err(|error| OpenError::Url(error.to_string()))?;
        Ok(Self {
            client,
            keys,
            options,
        })
    }

    /// The server, without its password.
    pub(crate) fn place(&self) -> String {
        self.client.get_connection_info().addr().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SystemClock;

    fn config(url: &str, prefix: &str) -> Result<Config, OpenError> {
        let options = Options {
            prefix: prefix.to_owned(),
            ..Options::new(Arc::new(SystemClock))
        };
        Config::new(url, options)
    }

    #[test]
    fn the_place_of_a_server_tells_no_password() {
        let config = config("redis://me:secret@cache:6380/2", PREFIX).unwrap();
        assert_eq!(config.place(), "cache:6380");
    }

    #[test]
    fn another_scheme_is_no_redis() {
        let opened = config("amqp://broker", PREFIX).map(drop);
        assert!(matches!(opened, Err(OpenError::Url(_))), "{opened:?}");
    }

    #[test]
    fn keys_without_a_hash_tag_are_refused() {
        let opened = config("redis://cache", "observatory").map(drop);
        assert_eq!(opened, Err(OpenError::Prefix("observatory".to_owned())));
    }

    #[test]
    fn an_encrypted_server_is_opened() {
        let config = config("rediss://cache", PREFIX).unwrap();
        assert_eq!(config.place(), "cache:6379");
    }
}
