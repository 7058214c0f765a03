//! How the bus is opened.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use lapin::types::{FrameSize, Heartbeat};
use lapin::uri::{AMQPScheme, AMQPUri};

use crate::trust::Trust;

/// The longest a connection may take from the first packet to the declared queues.
const CONNECT: Duration = Duration::from_secs(3);
/// The longest a publication may take, from the call to the confirm of its last message.
const PUBLISH: Duration = Duration::from_secs(5);
/// The pace of heartbeats in seconds: a silent connection is given up after twice that.
const HEARTBEAT: Heartbeat = 10;
/// The largest frame in bytes. lapin keeps room for 32 of them in each direction of each connection: 8 MiB at the 128 KiB
/// that a broker offers, 1 MiB here. Most messages are a tenth of this; a larger one takes several frames.
const FRAME: FrameSize = 16 * 1024;

/// How the bus is opened. Every limit has a default that suits a broker in the same data centre.
#[derive(Clone)]
pub struct Options {
    /// Tells when a message was given up.
    pub clock: Arc<dyn Clock>,
    /// What the broker's list of connections shows.
    pub name: String,
    /// The certificates, in PEM, that an `amqps` broker's own one has to lead to; the system's where there are none.
    pub authorities: Option<String>,
    /// The longest a connection may take from the first packet to the declared queues.
    pub connect_limit: Duration,
    /// The longest a publication may take, from the call to the confirm of its last message. Settling has the same.
    pub publish_limit: Duration,
}

impl Options {
    /// The defaults.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            name: "observatory".to_owned(),
            authorities: None,
            connect_limit: CONNECT,
            publish_limit: PUBLISH,
        }
    }
}

/// A bus cannot be opened, ever.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address of the broker does not read as one.
    #[error("not the URL of a broker: {0}")]
    Url(String),
    /// There are no certificate authorities to check an encrypted broker against.
    #[error("certificate authorities cannot be used: {0}")]
    Authorities(String),
}

/// Where the broker is and how to get there.
pub(crate) struct Config {
    pub(crate) uri: AMQPUri,
    /// Whom an encrypted broker has to be known by; absent where it is not encrypted.
    pub(crate) trust: Option<Trust>,
    pub(crate) options: Options,
}

impl Config {
    /// Reads `url`, which may name its own `?heartbeat=` in seconds and `?frame_max=` in bytes.
    pub(crate) fn new(url: &str, options: Options) -> Result<Self, OpenError> {
        let mut uri: AMQPUri = url.parse().map_err(OpenError::Url)?;
        uri.query.heartbeat.get_or_insert(HEARTBEAT);
        uri.query.frame_max.get_or_insert(FRAME);
        let trust = match uri.scheme {
            AMQPScheme::AMQP => None,
            AMQPScheme::AMQPS => Some(Trust::new(options.authorities.as_deref())),
        };
        let trust = trust.transpose().map_err(OpenError::Authorities)?;
        Ok(Self { uri, trust, options })
    }

    /// The broker, without its password.
    pub(crate) fn place(&self) -> String {
        let authority = &self.uri.authority;
        format!("{}:{}", authority.host, authority.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SystemClock;

    fn config(url: &str) -> Result<Config, OpenError> {
        Config::new(url, Options::new(Arc::new(SystemClock)))
    }

    #[test]
    fn a_url_may_set_the_heartbeat_and_has_one_without() {
        let heartbeat = |url| config(url).map(|config| config.uri.query.heartbeat);
        assert_eq!(heartbeat("amqp://broker/%2f"), Ok(Some(HEARTBEAT)));
        assert_eq!(heartbeat("amqp://broker/%2f?heartbeat=3"), Ok(Some(3)));
    }

    #[test]
    fn a_url_may_set_the_largest_frame_and_has_one_without() {
        let frame = |url| config(url).map(|config| config.uri.query.frame_max);
        assert_eq!(frame("amqp://broker/%2f"), Ok(Some(FRAME)));
        assert_eq!(frame("amqp://broker/%2f?frame_max=131072"), Ok(Some(131_072)));
    }

    #[test]
    fn the_place_of_a_broker_tells_no_password() {
        let config = config("amqp://me:secret@broker:5671/jobs").unwrap();
        assert_eq!(config.place(), "broker:5671");
    }

    #[test]
    fn an_encrypted_broker_needs_somebody_to_trust() {
        let options = Options {
            authorities: Some(String::new()),
            ..Options::new(Arc::new(SystemClock))
        };
        let opened = Config::new("amqps://broker", options).map(|config| config.trust.is_some());
        assert!(matches!(opened, Err(OpenError::Authorities(_))), "{opened:?}");
        assert!(config("amqp://broker").unwrap().trust.is_none());
    }

    #[test]
    fn another_scheme_is_no_broker() {
        assert!(config("redis://broker").is_err());
    }
}
