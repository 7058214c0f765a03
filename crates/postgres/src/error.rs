//! What can go wrong, inside and towards the port.

use ports::StoreError;
use sqlx::error::DatabaseError;

/// Why an operation did not take effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Away, overloaded, or not in time.
    #[error("{0}")]
    Unavailable(String),
    /// The connection is of no use any more; another one may be.
    #[error("connection lost: {0}")]
    Broken(String),
    /// Another transaction was in the way; nothing was changed, and the next try may go through.
    #[error("busy: {0}")]
    Contended(String),
    /// A value that can never be stored or understood.
    #[error("{0}")]
    Refused(String),
    /// Stored data is not what was written; says where.
    #[error("{0}")]
    Corrupt(String),
}

impl Failure {
    /// Malformed stored data, with its place.
    pub(crate) fn corrupt(place: impl std::fmt::Display, what: impl std::fmt::Display) -> Self {
        Self::Corrupt(format!("{place}: {what}"))
    }

    /// What was read before does not hold any more.
    pub(crate) fn overtaken(what: &str) -> Self {
        Self::Contended(format!("{what} has changed meanwhile"))
    }

    pub(crate) fn too_late() -> Self {
        Self::Unavailable("no answer in time".to_owned())
    }

    /// Whether the connection can be used on.
    pub(crate) const fn spares_the_connection(&self) -> bool {
        matches!(self, Self::Contended(_) | Self::Refused(_) | Self::Corrupt(_))
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match error {
            E::Database(error) => of_server(&*error),
            E::Configuration(_) | E::InvalidArgument(_) | E::Encode(_) => Self::Refused(error.to_string()),
            E::Decode(_)
            | E::ColumnDecode { .. }
            | E::ColumnIndexOutOfBounds { .. }
            | E::ColumnNotFound(_)
            | E::TypeNotFound { .. }
            | E::RowNotFound => Self::Corrupt(error.to_string()),
            other => Self::Broken(other.to_string()),
        }
    }
}

/// What the server says, by its error code.
fn of_server(error: &dyn DatabaseError) -> Failure {
    let code = error.code().unwrap_or_default();
    let text = format!("{} ({code})", error.message());
    match &*code {
        // Serialization, deadlock, the limit for locks; and a key that somebody else has written first.
        "40001" | "40P01" | "55P03" | "23505" => Failure::Contended(text),
        // Shutting down, crashed, starting; sessions that are ended for being idle.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Failure::Broken(text),
        "XX001" | "XX002" => Failure::Corrupt(text),
        code => match code.get(..2) {
            Some("08") => Failure::Broken(text),
            // Values that do not fit, and limits of the server.
            Some("22" | "54") => Failure::Refused(text),
            Some("23") => Failure::Corrupt(text),
            _ => Failure::Unavailable(text),
        },
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(_) | Failure::Broken(_) | Failure::Contended(_) => {
                Self::Unavailable(failure.to_string())
            }
            Failure::Refused(why) => Self::Refused(why),
            Failure::Corrupt(why) => Self::Corrupt(why),
        }
    }
}
