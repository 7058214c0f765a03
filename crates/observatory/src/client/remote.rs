//! One service of an observatory, and what can go wrong with a question to it.

mod ask;
mod error;
mod problem;

use std::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::http_client::{Reply, Target, call};
pub(super) use ask::Ask;
pub(super) use error::RequestError;
pub(super) use problem::Problem;

/// The longest answer that is read as a whole.
const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// The gateway or the read model.
#[derive(Clone, Debug)]
pub(super) struct Remote(Target);

/// An answer, whatever it says.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    /// Who said it.
    from: Target,
    /// The status code.
    pub(super) status: u16,
    /// The body.
    pub(super) body: Bytes,
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Remote {
    /// The service at an address.
    pub(super) fn new(target: Target) -> Self {
        Self(target)
    }

    /// The answer to a question, whatever its status.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) async fn send(&self, ask: Ask) -> Result<Answered, RequestError> {
        let limit = ask.limit;
        let reply = self.open(ask).await?;
        let status = reply.status;
        let body = reply.bytes(MAX_ANSWER, limit).await;
        Ok(Answered {
            from: self.0.clone(),
            status,
            body: body.map_err(|source| RequestError::of(&self.0, source))?,
        })
    }

    /// The beginning of an answer that is read line by line.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) async fn open(&self, ask: Ask) -> Result<Reply, RequestError> {
        let limit = ask.limit;
        let request = ask.request()?;
        call(&self.0, request, limit)
            .await
            .map_err(|source| RequestError::of(&self.0, source))
    }

    /// As [`Remote::open`], where anything but 200 is an error.
    ///
    /// # Errors
    /// Where there is no answer, or one that says no.
    pub(super) async fn stream(&self, ask: Ask) -> Result<Reply, RequestError> {
        let limit = ask.limit;
        let reply = self.open(ask).await?;
        if reply.status == 200 {
            return Ok(reply);
        }
        let status = reply.status;
        let body = reply.bytes(MAX_ANSWER, limit).await;
        let body = body.map_err(|source| RequestError::of(&self.0, source))?;
        let from = self.0.clone();
        Err(Answered { from, status, body }.refusal())
    }

    /// The answer to a question, which must be a good one.
    ///
    /// # Errors
    /// Where there is none, or one that says no.
    pub(super) async fn must(&self, ask: Ask) -> Result<Answered, RequestError> {
        let answer = self.send(ask).await?;
        if answer.is_good() {
            Ok(answer)
        } else {
            Err(answer.refusal())
        }
    }

    /// What went wrong with an answer of this service that was being read.
    pub(super) fn failed(&self, source: crate::http_client::ClientError) -> RequestError {
        RequestError::of(&self.0, source)
    }
}

impl Answered {
    /// Whether it says yes.
    pub(super) fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body, read.
    ///
    /// # Errors
    /// Where it has another shape than the interface has.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, RequestError> {
        serde_json::from_slice(&self.body).map_err(|source| RequestError::Strange {
            target: self.from.clone(),
            status: self.status,
            source,
        })
    }

    /// What an answer that says no says.
    pub(super) fn problem(&self) -> Result<Problem, RequestError> {
        self.json()
    }

    /// An answer that says no, as an error.
    pub(super) fn refusal(&self) -> RequestError {
        match self.problem() {
            Ok(problem) => RequestError::Refused(Box::new(problem)),
            Err(error) => error,
        }
    }
}
