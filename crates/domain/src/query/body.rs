//! Values inside payload and metadata.

use serde_json::{Number, Value};

use super::Facts;
use super::matching::contains;

/// The part of a job's body that a path leads into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodySource {
    /// What the handler gets.
    Payload,
    /// The client's own notes.
    Metadata,
}

impl BodySource {
    /// The field's name in a query, and the member of the job.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payload => "payload",
            Self::Metadata => "metadata",
        }
    }

    pub(super) fn of<'a>(self, facts: &Facts<'a>) -> Option<&'a Value> {
        match self {
            Self::Payload => facts.payload,
            Self::Metadata => facts.metadata,
        }
    }
}

/// The steps into a JSON value: names of members, and in an array positions (`0`, `1`, `10`; no sign, no leading
/// zeros).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path(pub Vec<String>);

impl Path {
    pub(super) fn find<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(value, |value, step| match value {
            Value::Object(members) => members.get(step),
            Value::Array(items) => items.get(position(step)?),
            _ => None,
        })
    }
}

fn position(step: &str) -> Option<usize> {
    let plain = step.bytes().all(|byte| byte.is_ascii_digit()) && (step == "0" || !step.starts_with('0'));
    step.parse().ok().filter(|_| plain)
}

/// What is asked of the value at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyTest {
    /// It is one of these: a string of the same text, a number of the same value (`42`, `42.0` and `4.2e1` are
    /// the same), or `true`, `false`, `null` for the words. So `42` finds the number and the string alike. A value
    /// that is not there is not `null`.
    Is(Vec<String>),
    /// It is a string and has one of these as a part, whatever the case of the letters A to Z.
    Contains(Vec<String>),
}

impl BodyTest {
    pub(super) fn holds(&self, value: &Value) -> bool {
        match self {
            Self::Is(texts) => texts.iter().any(|text| equals(value, text)),
            Self::Contains(parts) => value
                .as_str()
                .is_some_and(|text| parts.iter().any(|part| contains(text, part))),
        }
    }
}

fn equals(value: &Value, text: &str) -> bool {
    match value {
        Value::String(string) => string == text,
        Value::Number(number) => numeral(text).is_some_and(|other| canonical(&other) == canonical(number)),
        Value::Bool(true) => text == "true",
        Value::Bool(false) => text == "false",
        Value::Null => text == "null",
        Value::Array(_) | Value::Object(_) => false,
    }
}

/// The text under which an index keeps `value`: the same for everything that [`equals`] takes for the same text.
/// Nothing for what no query asks for.
pub(super) fn index_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(index_text_of(text)),
        Value::Number(number) => Some(canonical(number)),
        Value::Bool(word) => Some(word.to_string()),
        Value::Null => Some("null".to_owned()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The same for the value of a query.
pub(super) fn index_text_of(text: &str) -> String {
    numeral(text).map_or_else(|| text.to_owned(), |number| canonical(&number))
}

/// The number that `text` is in JSON.
fn numeral(text: &str) -> Option<Number> {
    let begins = text.starts_with(|c: char| c == '-' || c.is_ascii_digit());
    if begins && text.ends_with(|c: char| c.is_ascii_digit()) {
        serde_json::from_str(text).ok()
    } else {
        None
    }
}

/// One text for each value: whole numbers that fit 64 bits as integers, everything else as the shortest text of the
/// nearest double.
fn canonical(number: &Number) -> String {
    match number.as_f64() {
        Some(double) if number.is_f64() => {
            whole(double).map_or_else(|| double.to_string(), |n| n.to_string())
        }
        _ => number.to_string(),
    }
}

/// The double as an integer, if it is one that JSON numbers without a fraction can be as well.
fn whole(double: f64) -> Option<i128> {
    /// 2^64, the first that no integer of 64 bits reaches.
    const LIMIT: f64 = 18_446_744_073_709_551_616.0;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and in range, as just checked"
    )]
    (double.fract() == 0.0 && double.abs() < LIMIT).then_some(double as i128)
}
