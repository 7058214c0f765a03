//! A "no" as the observatory says it: problem+json.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

/// What is read of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Problem {
    /// The kind of problem in general.
    #[serde(default)]
    title: String,
    /// The status code.
    #[serde(default)]
    pub(crate) status: u16,
    /// What went wrong this time.
    #[serde(default)]
    detail: String,
    /// The parts of a document that are wrong, or one text.
    #[serde(default)]
    details: Value,
    /// Where a query is wrong, in two lines.
    #[serde(default)]
    pointer: Option<String>,
    /// Who holds a unique key.
    #[serde(default)]
    pub(crate) job_id: Option<Uuid>,
    /// The unique key.
    #[serde(default)]
    pub(crate) unique_key: Option<String>,
}

impl std::error::Error for Problem {}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = if self.detail.is_empty() {
            &self.title
        } else {
            &self.detail
        };
        f.write_str(words)?;
        for part in self.parts() {
            write!(f, "; {part}")?;
        }
        for line in self.pointer.iter().flat_map(|pointer| pointer.lines()) {
            write!(f, "\n  {line}")?;
        }
        Ok(())
    }
}

impl Problem {
    /// The particulars that the words do not have.
    fn parts(&self) -> Vec<String> {
        let list = self.details.as_array().map(Vec::as_slice).unwrap_or_default();
        let parts = list.iter().filter_map(|part| {
            let message = part.get("message")?.as_str()?;
            Some(match part.get("path").and_then(Value::as_str) {
                None | Some("") => message.to_owned(),
                Some(path) => format!("{path}: {message}"),
            })
        });
        parts
            .filter(|part| !self.detail.contains(part.as_str()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        serde_json::from_str::<Problem>(text).unwrap().to_string()
    }

    #[test]
    fn what_is_wrong_in_particular_follows_in_the_same_line() {
        let text = r#"{"title":"Invalid job data","detail":"the job is not valid","status":400,
            "details":[{"path":"/payload","message":"must be an object"},{"path":"","message":"`type` is missing"}]}"#;
        assert_eq!(
            said(text),
            "the job is not valid; /payload: must be an object; `type` is missing"
        );
    }

    #[test]
    fn a_bad_query_is_pointed_at() {
        let text = r#"{"title":"Bad query","detail":"unknown field","pointer":"typ:x\n^^^"}"#;
        assert_eq!(said(text), "unknown field\n  typ:x\n  ^^^");
    }

    #[test]
    fn the_title_does_where_there_are_no_other_words() {
        assert_eq!(said(r#"{"title":"Not Found","details":"text"}"#), "Not Found");
    }
}
