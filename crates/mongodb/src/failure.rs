//! What the errors of the driver mean at the port.

use mongodb::error::{Error, ErrorKind, IndexedWriteError};
use ports::StoreError;

/// The code of a value that a unique index has already.
pub(crate) const DUPLICATE: i32 = 11_000;

/// The error as services see it. What is not known to be for ever may pass: servers come, go and take turns.
pub(crate) fn of(error: &Error) -> StoreError {
    let text = format!("mongodb: {error}");
    match *error.kind {
        ErrorKind::InvalidArgument { .. } | ErrorKind::BsonSerialization(_) => StoreError::Refused(text),
        ErrorKind::BsonDeserialization(_) | ErrorKind::Bson(_) => StoreError::Corrupt(text),
        _ => StoreError::Unavailable(text),
    }
}

/// A document of an insertion that was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Clash {
    /// Its place among the documents.
    pub(crate) index: usize,
    /// What another one has, as far as the server says so.
    pub(crate) value: Option<Unique>,
}

/// What no two documents have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    /// `_id`.
    Identifier,
    /// `position`.
    Position,
}

impl Unique {
    /// By the name of the index in a message of MongoDB, which the driver hands on as text only; others name none.
    fn named(message: &str) -> Option<Self> {
        let (_, rest) = message.split_once(" index: ")?;
        match rest.split(' ').next()? {
            "_id_" => Some(Self::Identifier),
            "position_1" => Some(Self::Position),
            _ => None,
        }
    }
}

/// Which documents of an unordered insertion were not taken because a unique index has their values already.
pub(crate) fn clashes(error: &Error) -> Result<Vec<Clash>, StoreError> {
    let ErrorKind::InsertMany(failed) = &*error.kind else {
        return Err(of(error));
    };
    if failed.write_concern_error.is_some() {
        return Err(of(error));
    }
    let errors = failed.write_errors.as_deref().unwrap_or_default();
    if let Some(other) = errors.iter().find(|error| error.code != DUPLICATE) {
        return Err(StoreError::Refused(format!("mongodb: {}", other.message)));
    }
    let clash = |error: &IndexedWriteError| Clash {
        index: error.index,
        value: Unique::named(&error.message),
    };
    Ok(errors.iter().map(clash).collect())
}

/// Whether a single document was not taken because it is there.
pub(crate) fn is_duplicate(error: &Error) -> bool {
    use mongodb::error::WriteFailure::WriteError;
    matches!(&*error.kind, ErrorKind::Write(WriteError(error)) if error.code == DUPLICATE)
}

/// A document that none of our adapters wrote.
pub(crate) fn corrupt(collection: &str, what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("a document of `{collection}` in mongodb: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clashed_is_known_where_the_server_names_it() {
        let named =
            |index: &str| Unique::named(&format!("E11000 duplicate key error collection: a.b{index}"));
        assert_eq!(
            named(r#" index: _id_ dup key: { _id: "x" }"#),
            Some(Unique::Identifier)
        );
        assert_eq!(
            named(" index: position_1 dup key: { position: 7 }"),
            Some(Unique::Position)
        );
        assert_eq!(named(" index: other_1 dup key: { other: 7 }"), None);
        assert_eq!(named(""), None);
    }

    #[test]
    fn a_server_that_is_away_may_come_back() {
        let gone = Error::from(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
        assert!(of(&gone).is_transient());
        assert!(clashes(&gone).is_err_and(|error| error.is_transient()));
        assert!(!is_duplicate(&gone));
    }
}
