//! The bodies of commands: JSON objects of which every member is known. What a client misspelt is refused, since a
//! command that does something else than was meant cannot be taken back.

use axum::extract::Request;
use contracts::{Violation, parse_strict_within};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use service::body::{self, BodyLimits, Format};
use service::problem::Problem;

use crate::gateway::Shared;

/// The bounds of the body of a command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// The largest size, in bytes.
    pub(crate) bytes: usize,
    /// How many arrays and objects may stand inside each other.
    pub(crate) depth: usize,
}

/// The body of a command as it arrived.
///
/// # Errors
/// 400 for what is no JSON, and as [`body::read`].
pub(crate) async fn read(
    shared: &Shared,
    request: Request,
    bounds: Bounds,
) -> Result<(Parts, Value), Problem> {
    let (parts, document) = read_if_any(shared, request, bounds).await?;
    let missing = || invalid(String::new(), "is missing: a JSON object is expected".to_owned());
    Ok((parts, document.ok_or_else(missing)?))
}

/// As [`read`], for a command that may go without a body.
pub(crate) async fn read_if_any(
    shared: &Shared,
    request: Request,
    bounds: Bounds,
) -> Result<(Parts, Option<Value>), Problem> {
    let (parts, body) = request.into_parts();
    let limits = BodyLimits {
        bytes: bounds.bytes,
        time: shared.config.job_body.time,
    };
    let received = body::read(body, &parts.headers, limits, shared.intake.budget()).await?;
    if received.bytes.is_empty() {
        return Ok((parts, None));
    }
    body::format(&parts.headers, &[Format::Json])?;
    let document = parse_strict_within(&received.bytes, bounds.depth)
        .map_err(|error| invalid(String::new(), error.to_string()))?;
    Ok((parts, Some(document)))
}

/// The members of a command that were not read yet.
#[derive(Debug)]
pub(crate) struct Members(Map<String, Value>);

impl Members {
    /// The members of an object, all of which must be `known`.
    ///
    /// # Errors
    /// 400 that names what is unknown, and what there is.
    pub(crate) fn of(document: Value, known: &[&str]) -> Result<Self, Problem> {
        let Value::Object(members) = document else {
            return Err(invalid(String::new(), "must be an object".to_owned()));
        };
        match members.keys().find(|name| !known.contains(&&***name)) {
            Some(name) => Err(unknown(name, known)),
            None => Ok(Self(members)),
        }
    }

    /// Reads a member, if it is there.
    ///
    /// # Errors
    /// 400 that says what was `expected`, a text that follows `must be`.
    pub(crate) fn take<T: DeserializeOwned>(
        &mut self,
        name: &str,
        expected: &str,
    ) -> Result<Option<T>, Problem> {
        let Some(value) = self.0.remove(name) else {
            return Ok(None);
        };
        let wrong = |_| invalid(format!("/{name}"), format!("must be {expected}"));
        serde_json::from_value(value).map(Some).map_err(wrong)
    }

    /// As [`Members::take`], for a type that says itself what is wrong.
    pub(crate) fn read<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Problem> {
        let Some(value) = self.0.remove(name) else {
            return Ok(None);
        };
        serde_json::from_value(value)
            .map(Some)
            .map_err(|error| invalid(format!("/{name}"), error.to_string()))
    }

    /// As [`Members::take`], of a member that must be there.
    pub(crate) fn require<T: DeserializeOwned>(&mut self, name: &str, expected: &str) -> Result<T, Problem> {
        let missing = || invalid(format!("/{name}"), format!("is missing: {expected}"));
        self.take(name, expected)?.ok_or_else(missing)
    }
}

fn unknown(name: &str, known: &[&str]) -> Problem {
    let short: String = name.chars().take(64).collect();
    let message = format!("`{short}` is no member here; there are: {}", known.join(", "));
    invalid(String::new(), message)
}

/// 400 for a part of the body of a command.
pub(crate) fn invalid(path: String, message: String) -> Problem {
    refuse(vec![Violation { path, message }])
}

/// 400 for parts of the body of a command.
pub(crate) fn refuse(violations: Vec<Violation>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-body", "Invalid request body")
        .detail(crate::submission::summary(&violations))
        .violations(violations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn members(document: Value) -> Result<Members, Problem> {
        Members::of(document, &["q", "dryRun"])
    }

    fn detail(result: Result<impl std::fmt::Debug, Problem>) -> String {
        result.unwrap_err().detail_text().to_owned()
    }

    #[test]
    fn members_are_read_as_what_they_must_be() {
        let mut given = members(json!({"q": "a", "dryRun": true})).unwrap();
        assert_eq!(given.require::<String>("q", "a text").unwrap(), "a");
        assert_eq!(given.take::<bool>("dryRun", "true or false").unwrap(), Some(true));
        assert_eq!(given.take::<bool>("dryRun", "true or false").unwrap(), None);
    }

    #[test]
    fn what_is_unknown_is_named_with_what_there_is() {
        let error = detail(members(json!({"q": "a", "dry_run": true})));
        assert_eq!(error, "`dry_run` is no member here; there are: q, dryRun");
        assert_eq!(detail(members(json!([]))), "must be an object");
    }

    #[test]
    fn a_wrong_type_is_named_with_its_place() {
        let mut given = members(json!({"q": 1, "dryRun": "yes"})).unwrap();
        assert_eq!(
            detail(given.read::<String>("q")),
            "/q: invalid type: integer `1`, expected a string"
        );
        let flag = given.take::<bool>("dryRun", "true or false");
        assert_eq!(detail(flag), "/dryRun: must be true or false");
        assert_eq!(
            detail(given.require::<String>("q", "a query")),
            "/q: is missing: a query"
        );
    }
}
