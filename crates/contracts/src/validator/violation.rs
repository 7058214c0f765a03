//! One thing that is wrong with a document.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that is wrong with a document, as clients read it in `details`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// JSON pointer to the part that is wrong; empty for the whole document.
    pub path: String,
    /// What is wrong with it.
    pub message: String,
}

impl Violation {
    /// The same violation, seen from a document that holds this one at `path`.
    #[must_use]
    pub fn below(mut self, path: &str) -> Self {
        self.path.insert_str(0, path);
        self
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}
