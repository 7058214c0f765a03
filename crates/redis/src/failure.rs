//! What the errors of the driver mean at the port.

use ports::StoreError;
use redis::{ErrorKind, RedisError, ServerErrorKind};

/// The error as services see it.
///
/// A server that loads its data, is a replica, has no memory left or is told to stop may take the same call later.
pub(crate) fn of(place: &str, error: &RedisError) -> StoreError {
    let text = error.to_string();
    // The driver tells no code of an error within a transaction.
    if error.kind() == ErrorKind::UnexpectedReturnType || text.contains("WRONGTYPE") {
        return StoreError::Corrupt(format!("redis {place}: {text}"));
    }
    unavailable(place, &text)
}

pub(crate) fn unavailable(place: &str, reason: &str) -> StoreError {
    StoreError::Unavailable(format!("redis {place}: {reason}"))
}

/// Stored text that none of our scripts wrote.
pub(crate) fn corrupt(key: &str, text: &str) -> StoreError {
    StoreError::Corrupt(format!("`{key}` of redis has {text:?}"))
}

/// Whether the connection is of no use any more. A server that became a replica is left, too: its name may lead to the
/// new master by now.
pub(crate) fn ends_connection(error: &RedisError) -> bool {
    match error.kind() {
        ErrorKind::Server(kind) => matches!(
            kind,
            ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown | ServerErrorKind::Moved
        ),
        ErrorKind::UnexpectedReturnType | ErrorKind::Extension => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use redis::Value;

    /// The error that the server's words come as.
    fn answer(text: &str) -> RedisError {
        let parsed = redis::parse_redis_value(format!("-{text}\r\n").as_bytes());
        let value = parsed.and_then(Value::extract_error);
        value.expect_err("it is an error")
    }

    #[test]
    fn a_server_that_cannot_now_may_later() {
        for text in [
            "LOADING Redis is loading the dataset in memory",
            "READONLY You can't write against a read only replica.",
            "OOM command not allowed when used memory > 'maxmemory'.",
            "MISCONF Redis is configured to save RDB snapshots",
            "BUSY Redis is busy running a script.",
            "ERR max number of clients reached",
            "NOAUTH Authentication required.",
        ] {
            let error = of("here", &answer(text));
            assert!(matches!(&error, StoreError::Unavailable(_)), "{text}: {error}");
        }
    }

    #[test]
    fn a_key_of_somebody_else_is_inconsistent_data() {
        let wrong = answer("WRONGTYPE Operation against a key holding the wrong kind of value");
        assert!(matches!(of("here", &wrong), StoreError::Corrupt(_)), "{wrong}");
        assert!(!ends_connection(&wrong));
    }

    #[test]
    fn a_replica_is_left() {
        assert!(ends_connection(&answer("READONLY You can't write")));
        assert!(!ends_connection(&answer("OOM no memory")));
        let gone = std::io::Error::from(std::io::ErrorKind::BrokenPipe);
        assert!(ends_connection(&gone.into()));
    }
}
