//! Why a text is no query.

use std::fmt::Write;
use std::ops::Range;

use super::{FIELDS, MAX_LENGTH, MAX_PATH, MAX_TERMS, MAX_VALUES, Operator};

/// How much of a query [`QueryError::pointer`] shows, in characters.
const POINTER_WIDTH: usize = 100;

/// Why a text is no query, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (at byte {})", span.start)]
pub struct QueryError {
    /// What is wrong.
    pub kind: QueryErrorKind,
    /// The bytes of the text that are meant.
    pub span: Range<usize>,
}

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryErrorKind {
    /// The text, or its canonical form, is longer than [`MAX_LENGTH`].
    #[error("a query has at most {MAX_LENGTH} bytes")]
    TooLong,
    /// More than [`MAX_TERMS`].
    #[error("a query has at most {MAX_TERMS} terms")]
    TooManyTerms,
    /// More than [`MAX_VALUES`].
    #[error("a term has at most {MAX_VALUES} values")]
    TooManyValues,
    /// More than [`MAX_PATH`].
    #[error("a path has at most {MAX_PATH} steps")]
    PathTooLong,
    /// No job has such a character.
    #[error("a NUL character")]
    Nul,
    /// A quote has no end.
    #[error("the quote that opens here is never closed")]
    UnclosedQuote,
    /// A quote in the middle of a value.
    #[error(r#"a quote inside a value: put the whole value in quotes and write \" for a quote in it"#)]
    StrayQuote,
    /// Something touches the closing quote.
    #[error("a closing quote is followed by white space or a comma")]
    AfterQuote,
    /// A backslash that escapes something else.
    #[error(r#"a backslash in quotes comes before a quote or a backslash: \" or \\"#)]
    Escape,
    /// An operator, a comma or a sign without what belongs to it.
    #[error("a value is missing; an empty one is \"\"")]
    MissingValue,
    /// A text without a field that looks like more.
    #[error("this looks like a term inside a list: put it in quotes, or white space instead of the comma")]
    TermInList,
    /// A word of other query languages.
    #[error(
        "`{0}` is no word here: all terms must hold, a comma between values means or, - before a term means not"
    )]
    Reserved(&'static str),
    /// `payload` or `metadata` without a path.
    #[error("`{0}` needs a path of names, e.g. {0}.user.id:42; an empty name is \"\"")]
    MissingPath(&'static str),
    /// No field has this name.
    #[error("unknown field `{name}`{}, the fields are {}", question(*.meant), field_names())]
    UnknownField {
        /// What was written.
        name: String,
        /// What may have been meant.
        meant: Option<&'static str>,
    },
    /// `=` in the place of an operator.
    #[error("`=` is no operator: write `field:value`, or `-field:value` for the opposite")]
    EqualsSign,
    /// The field has no such operator.
    #[error("`{field}` takes {}, not `{found}`", operator_names(.takes))]
    Operator {
        /// The field.
        field: &'static str,
        /// What was written.
        found: Operator,
        /// What it takes.
        takes: &'static [Operator],
    },
    /// The field has no such value.
    #[error("`{field}` expects {expected}")]
    Value {
        /// The field.
        field: &'static str,
        /// What a value looks like.
        expected: &'static str,
    },
}

impl QueryErrorKind {
    pub(super) fn at(self, span: Range<usize>) -> QueryError {
        QueryError { kind: self, span }
    }

    /// An error of the query as a whole.
    pub(super) fn of_all(self) -> QueryError {
        self.at(0..0)
    }
}

impl QueryError {
    /// Two lines: the text of the query, or of a long one the part that matters, and carets under what is meant.
    pub fn pointer(&self, text: &str) -> String {
        let cut = |at: usize| text.floor_char_boundary(at.min(text.len()));
        let start = text[..cut(self.span.start)].chars().count();
        let width = text[cut(self.span.start)..cut(self.span.end)].chars().count();
        let skipped = if text.len() > POINTER_WIDTH {
            start.saturating_sub(POINTER_WIDTH / 2)
        } else {
            0
        };
        let visible = |c: char| {
            if c.is_whitespace() || c.is_control() {
                ' '
            } else {
                c
            }
        };
        let mut lines: String = text
            .chars()
            .skip(skipped)
            .take(POINTER_WIDTH)
            .map(visible)
            .collect();
        let indent = start - skipped;
        let carets = "^".repeat(width.clamp(1, POINTER_WIDTH - indent));
        let _ = write!(lines, "\n{:indent$}{carets}", "");
        lines
    }
}

fn question(meant: Option<&str>) -> String {
    meant
        .map(|name| format!(" (did you mean `{name}`?)"))
        .unwrap_or_default()
}

fn field_names() -> String {
    let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    names.join(", ")
}

fn operator_names(operators: &[Operator]) -> String {
    let names: Vec<String> = operators.iter().map(|operator| format!("`{operator}`")).collect();
    names.join(", ")
}
