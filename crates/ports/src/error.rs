//! What can go wrong at a port, as far as a service can act on it.

/// The bus did not take or give a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// Away, stopping or blocking; the same call may succeed later. Nothing is known of the message.
    #[error("bus unavailable: {0}")]
    Unavailable(String),
    /// Full by a configured bound; the same call may succeed later. The message was not taken.
    #[error("bus full: {0}")]
    Full(String),
    /// The subscription has ended and must be made anew.
    #[error("subscription ended: {0}")]
    Closed(String),
}

/// A store did not do or answer something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Away, stopping or overloaded; the same call may succeed later. It is not known whether it took effect.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// The store refuses this value for ever; repeating the call is pointless.
    #[error("value refused by the store: {0}")]
    Refused(String),
    /// Stored data does not read as what was written.
    #[error("stored data is inconsistent: {0}")]
    Corrupt(String),
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}
