//! What is wrong, in words: never the foreign value itself, which may be long or private.

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use serde_json::Value;

use crate::pointer::shorten;

/// The words for one error of the schema library.
pub(super) fn of(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::Required { property } => format!("`{}` is missing", plain(property)),
        Kind::Type { kind } => format!("must be {}", types(kind)),
        Kind::Enum { options } => format!("must be one of {}", list(options)),
        Kind::Constant { expected_value } => format!("must be {expected_value}"),
        Kind::Format { format } => format_words(format),
        Kind::Pattern { pattern } => format!("must match the pattern {pattern}"),
        Kind::AdditionalProperties { unexpected } => {
            format!("`{}` is not allowed", shorten(&unexpected.join("`, `")))
        }
        Kind::Minimum { limit } => format!("must be at least {limit}"),
        Kind::Maximum { limit } => format!("must be at most {limit}"),
        Kind::ExclusiveMinimum { limit } => format!("must be greater than {limit}"),
        Kind::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Kind::MinLength { limit: 1 } => "must not be empty".to_owned(),
        Kind::MinLength { limit } => format!("must have at least {limit} characters"),
        Kind::MaxLength { limit } => format!("must have at most {limit} characters"),
        Kind::MaxItems { limit } => format!("must have at most {limit} items"),
        _ => error.masked_with("the value").to_string(),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(name) => with_article(&name.to_string()),
        TypeKind::Multiple(names) => {
            let names: Vec<String> = names.iter().map(|name| with_article(&name.to_string())).collect();
            names.join(" or ")
        }
    }
}

fn with_article(name: &str) -> String {
    match name {
        "null" => "null".to_owned(),
        "array" | "integer" | "object" => format!("an {name}"),
        _ => format!("a {name}"),
    }
}

fn format_words(format: &str) -> String {
    match format {
        "uuid" => "must be a UUID in its plain form of 36 characters (format uuid)".to_owned(),
        "date-time" => {
            "must be an RFC 3339 date-time with an offset, from 1970 to 9999 (format date-time)".to_owned()
        }
        other => format!("must have the format {other}"),
    }
}

fn plain(property: &Value) -> String {
    property
        .as_str()
        .map_or_else(|| property.to_string(), ToOwned::to_owned)
}

fn list(options: &Value) -> String {
    let Some(options) = options.as_array() else {
        return options.to_string();
    };
    options.iter().map(plain).collect::<Vec<_>>().join(", ")
}
