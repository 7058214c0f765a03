//! What can go wrong, inside and towards the ports.

use std::path::PathBuf;

use ports::{BusError, StoreError};
use rusqlite::ErrorCode;

use crate::codec::Malformed;

/// The database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process, or another handle of this one, has it open.
    #[error("data directory {} is in use by another observatory", .0.display())]
    InUse(PathBuf),
    /// The directory or its lock file cannot be made or used.
    #[error("cannot use data directory {}: {source}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A later version of the observatory has written it.
    #[error("the data is of version {found}, this program reads up to {known}: use a newer program")]
    Newer {
        /// The version of the data.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The database file cannot be opened or brought up to date.
    #[error("cannot open the database: {0}")]
    Database(#[from] rusqlite::Error),
    /// What the database holds does not read as what was written.
    #[error("stored data is inconsistent: {0}")]
    Corrupt(String),
    /// The writer thread could not be started.
    #[error("cannot start the writer: {0}")]
    Thread(#[source] std::io::Error),
}

/// Why an operation did not take effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// Closed, overloaded, or the disk does not do its part.
    #[error("{0}")]
    Unavailable(String),
    /// A value that can never be stored or understood.
    #[error("{0}")]
    Refused(String),
    /// Stored data is not what was written; says where.
    #[error("{0}")]
    Corrupt(String),
}

impl Failure {
    /// Malformed stored data, with its place.
    pub(crate) fn corrupt(place: impl std::fmt::Display, what: Malformed) -> Self {
        Self::Corrupt(format!("{place}: {what}"))
    }

    pub(crate) fn closed() -> Self {
        Self::Unavailable("database is closed".to_owned())
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error as E;
        let text = error.to_string();
        match error {
            E::SqliteFailure(cause, _) => match cause.code {
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::ConstraintViolation => {
                    Self::Corrupt(text)
                }
                ErrorCode::TooBig => Self::Refused(text),
                _ => Self::Unavailable(text),
            },
            E::FromSqlConversionFailure(..)
            | E::IntegralValueOutOfRange(..)
            | E::InvalidColumnType(..)
            | E::QueryReturnedNoRows => Self::Corrupt(text),
            _ => Self::Unavailable(text),
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable(why) => Self::Unavailable(why),
            Failure::Refused(why) => Self::Refused(why),
            Failure::Corrupt(why) => Self::Corrupt(why),
        }
    }
}

impl From<Failure> for BusError {
    fn from(failure: Failure) -> Self {
        Self::Unavailable(failure.to_string())
    }
}

impl From<Failure> for OpenError {
    fn from(failure: Failure) -> Self {
        Self::Corrupt(failure.to_string())
    }
}
