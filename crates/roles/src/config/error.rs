//! What can be wrong with a configuration.

use std::fmt;

use super::{About, Place, Source};

/// One thing that is wrong. No error repeats a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigError {
    /// The file cannot be read.
    File {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// The file is no TOML here.
    Syntax {
        /// Where.
        place: Place,
        /// What is wrong.
        reason: String,
    },
    /// Nobody knows this key.
    UnknownKey {
        /// Where it is.
        place: Place,
        /// The key with its table.
        key: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// A value is not allowed.
    Value {
        /// Where it is from.
        source: Source,
        /// Its setting.
        key: &'static str,
        /// The value; none where it may be a secret.
        given: Option<String>,
        /// What is wrong.
        reason: String,
    },
    /// A setting that is needed is not set.
    Missing {
        /// The setting in the file.
        key: &'static str,
        /// The variables that set it.
        variables: &'static [&'static str],
        /// The option that sets it.
        option: &'static str,
        /// How it may look.
        example: &'static str,
    },
}

impl ConfigError {
    pub(super) fn missing(about: &About, example: &'static str) -> Self {
        Self::Missing {
            key: about.path,
            variables: about.variables,
            option: about.option,
            example,
        }
    }

    /// Orders errors as a person goes through them: the file from its beginning, then the rest.
    fn order(&self) -> (u8, usize, usize) {
        match self {
            Self::File { .. } => (0, 0, 0),
            Self::Syntax { place, .. }
            | Self::UnknownKey { place, .. }
            | Self::Value {
                source: Source::File(place),
                ..
            } => (1, place.line, place.column),
            Self::Value { .. } => (2, 0, 0),
            Self::Missing { .. } => (3, 0, 0),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, reason } => write!(f, "{name}: cannot be read: {reason}"),
            Self::Syntax { place, reason } => write!(f, "{place}: {reason}"),
            Self::UnknownKey {
                place,
                key,
                suggestion,
            } => {
                write!(f, "{place}: unknown key `{key}`")?;
                match suggestion {
                    Some(meant) => write!(f, "; did you mean `{meant}`?"),
                    None => Ok(()),
                }
            }
            Self::Value {
                source,
                key,
                given,
                reason,
            } => {
                write!(f, "{source}: {key}")?;
                if let Some(given) = given {
                    write!(f, " = `{}`", shortened(given))?;
                }
                write!(f, ": {reason}")
            }
            Self::Missing {
                key,
                variables,
                option,
                example,
            } => write!(
                f,
                "{key} is not set; set it in the file, by {} or by --{option}, e.g. {example}",
                variables.join(" or ")
            ),
        }
    }
}

/// The beginning of a long text.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Everything that is wrong with a configuration: at least one thing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", listed(errors))]
pub struct Report {
    /// What is wrong, in the order in which a person goes through it.
    pub errors: Vec<ConfigError>,
}

impl Report {
    /// Sorts what is wrong.
    pub fn new(mut errors: Vec<ConfigError>) -> Self {
        errors.sort_by_key(ConfigError::order);
        Self { errors }
    }
}

fn listed(errors: &[ConfigError]) -> String {
    let lines: Vec<String> = errors.iter().map(|error| format!("error: {error}")).collect();
    lines.join("\n")
}
