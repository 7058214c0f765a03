//! What can go wrong with one request.

use std::io;
use std::time::Duration;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// No connection could be made.
    #[error("cannot connect")]
    Connect(#[source] io::Error),
    /// The connection broke.
    #[error("connection broken")]
    Broken(#[source] io::Error),
    /// The server closed the connection before it answered.
    #[error("connection closed without an answer")]
    Closed,
    /// The server holds the connection and says nothing.
    #[error("no answer within {0:?}")]
    Silent(Duration),
    /// What came back is not an answer that this client understands.
    #[error("unreadable answer: {0}")]
    Unreadable(&'static str),
}
