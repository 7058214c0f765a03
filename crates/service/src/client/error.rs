//! What can go wrong with a call.

use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

use hyper_util::client::legacy;

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The URL is no absolute one of `http` or `https`, or holds a password.
    #[error("`{0}` is no http or https URL")]
    BadUrl(String),
    /// The policy refuses every address of the host; this is one of them.
    #[error("the address {0} may not be connected to")]
    Refused(IpAddr),
    /// The name does not resolve, or nothing listens there.
    #[error("failed to connect: {0}")]
    Connect(String),
    /// The answer did not arrive in time.
    #[error("no answer within {} s", .0.as_secs_f64())]
    TimedOut(Duration),
    /// The body of the answer is larger than the limit, in bytes.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The connection broke, or what came over it was no HTTP.
    #[error("the exchange broke: {0}")]
    Transport(String),
    /// TLS could not be set up in this process.
    #[error("failed to set up TLS: {0}")]
    Tls(String),
}

impl ClientError {
    pub(super) fn of_exchange(error: &legacy::Error) -> Self {
        if let Some(ours) = sources(error).find_map(|source| source.downcast_ref::<Self>()) {
            return ours.clone();
        }
        let innermost = sources(error)
            .last()
            .map_or_else(|| error.to_string(), ToString::to_string);
        if error.is_connect() {
            Self::Connect(innermost)
        } else {
            Self::Transport(innermost)
        }
    }
}

fn sources(error: &legacy::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&error| error.source())
}
