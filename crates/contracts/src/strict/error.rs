//! Why a document is not strict JSON.

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// An integer that 64 bits cannot hold, so that some reader would round it.
    #[error("an integer outside 64 bits")]
    IntegerRange,
    /// More digits behind the point than a database can hold.
    #[error("a number with more than {} decimal places", super::numbers::MAX_SCALE)]
    Scale,
}

/// Why a document is not strict JSON.
///
/// Lines and columns count from 1, columns in bytes. Paths are JSON pointers in which long keys are cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StrictError {
    /// The bytes are no UTF-8 text.
    #[error("not UTF-8 text at line {line} column {column}")]
    Utf8 {
        /// Where the text ends.
        line: usize,
        /// Where the text ends.
        column: usize,
    },
    /// The text is no JSON document.
    #[error("not JSON: {reason} at line {line} column {column}")]
    Syntax {
        /// The parser's words.
        reason: String,
        /// Where the parser stopped.
        line: usize,
        /// Where the parser stopped.
        column: usize,
    },
    /// Something follows the document.
    #[error("not one JSON document: more data follows at line {line} column {column}")]
    TrailingData {
        /// Where the surplus begins.
        line: usize,
        /// Where the surplus begins.
        column: usize,
    },
    /// An object names a key twice.
    #[error("duplicate key `{key}` at `{path}`")]
    DuplicateKey {
        /// The key, cut when it is long.
        key: String,
        /// The pointer to the value that the key names.
        path: String,
    },
    /// A string or a key contains U+0000, which no store of ours can hold.
    #[error("NUL character in {} at `{path}`", if *.in_key { "a key" } else { "the string" })]
    Nul {
        /// The pointer to the string, or to the object that holds the key.
        path: String,
        /// Whether a key contains it.
        in_key: bool,
    },
    /// Arrays and objects stand too deep inside each other.
    #[error("nested deeper than {limit} levels")]
    TooDeep {
        /// The most that is allowed.
        limit: usize,
    },
    /// A number that some reader would round or refuse.
    #[error("{fault} at line {line} column {column}")]
    Number {
        /// What is wrong with it.
        fault: NumberFault,
        /// Where the number begins.
        line: usize,
        /// Where the number begins.
        column: usize,
    },
}

impl StrictError {
    pub(super) fn utf8(bytes: &[u8], offset: usize) -> Self {
        let (line, column) = position(bytes, offset);
        Self::Utf8 { line, column }
    }

    pub(super) fn number(text: &str, offset: usize, fault: NumberFault) -> Self {
        let (line, column) = position(text.as_bytes(), offset);
        Self::Number { fault, line, column }
    }

    pub(super) fn syntax(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let words = error.to_string();
        let place = format!(" at line {line} column {column}");
        let reason = words.strip_suffix(&place).unwrap_or(&words).to_owned();
        Self::Syntax { reason, line, column }
    }

    pub(super) fn trailing(error: &serde_json::Error) -> Self {
        Self::TrailingData {
            line: error.line(),
            column: error.column(),
        }
    }
}

fn position(bytes: &[u8], offset: usize) -> (usize, usize) {
    let before = &bytes[..offset.min(bytes.len())];
    let line_start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let line = before.split(|&byte| byte == b'\n').count();
    (line, before.len() - line_start + 1)
}
