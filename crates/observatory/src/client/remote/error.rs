//! Why a question has no good answer: one line that says what to do.

use std::error::Error as _;
use std::io;

use super::Problem;
use crate::http_client::{ClientError, Target};

/// Why a question has no good answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RequestError {
    /// Nobody listens there.
    #[error("nothing answers at {0}: is the observatory running? start it with `observatory up`")]
    NobodyThere(Target),
    /// The place cannot be reached.
    #[error("cannot connect to {target}: {cause}; see --gateway, --read-model and --port-offset")]
    Unreachable {
        /// The place.
        target: Target,
        /// Why.
        cause: io::Error,
    },
    /// It was reached, and no answer came.
    #[error("{target} did not answer: {cause}; what was asked for may have been done all the same")]
    Unanswered {
        /// The place.
        target: Target,
        /// What happened.
        cause: String,
    },
    /// It said no.
    #[error(transparent)]
    Refused(Box<Problem>),
    /// It said something else than an observatory would.
    #[error(
        "{target} answers {status} with something unexpected ({source}): is it an observatory of this version?"
    )]
    Strange {
        /// The place.
        target: Target,
        /// The status code.
        status: u16,
        /// What does not fit.
        source: serde_json::Error,
    },
    /// The question cannot be put.
    #[error("cannot be sent: {0}")]
    Unsayable(String),
}

impl RequestError {
    /// What became of a question to `target`.
    pub(super) fn of(target: &Target, error: ClientError) -> Self {
        let target = target.clone();
        match error {
            ClientError::Connect(cause) if cause.kind() == io::ErrorKind::ConnectionRefused => {
                Self::NobodyThere(target)
            }
            ClientError::Connect(cause) => Self::Unreachable { target, cause },
            other => {
                let cause = other
                    .source()
                    .map_or_else(|| other.to_string(), |source| format!("{other}: {source}"));
                Self::Unanswered { target, cause }
            }
        }
    }

    /// Whether the same question may be answered in a moment.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::NobodyThere(_) | Self::Unreachable { .. } | Self::Unanswered { .. } => true,
            Self::Refused(problem) => matches!(problem.status, 429 | 503),
            Self::Strange { .. } | Self::Unsayable(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observatory_that_is_not_there_is_told_with_what_to_do() {
        let refused = ClientError::Connect(io::ErrorKind::ConnectionRefused.into());
        assert_eq!(
            RequestError::of(&Target::localhost(3000), refused).to_string(),
            "nothing answers at http://localhost:3000: is the observatory running? start it with `observatory up`"
        );
    }

    #[test]
    fn a_broken_connection_is_told_with_its_cause() {
        let broken = ClientError::Broken(io::Error::other("reset"));
        let error = RequestError::of(&Target::localhost(1), broken);
        assert!(error.to_string().contains("connection broken: reset"), "{error}");
        assert!(error.may_pass());
    }
}
