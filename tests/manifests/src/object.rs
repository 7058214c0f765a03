//! One object.

use std::fmt;

use serde_json::Value;

/// An object, and which file it is in.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    file: String,
    value: Value,
}

impl Object {
    /// An object of a file.
    pub fn new(file: &str, value: Value) -> Self {
        Self {
            file: file.to_owned(),
            value,
        }
    }

    /// All of it.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// What is at a path (RFC 6901); null where there is nothing.
    pub fn at(&self, path: &str) -> &Value {
        self.value.pointer(path).unwrap_or(&Value::Null)
    }

    /// Its kind.
    pub fn kind(&self) -> &str {
        self.at("/kind").as_str().unwrap_or_default()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.at("/metadata/name").as_str().unwrap_or_default()
    }

    /// What is in a list at a path.
    pub fn list(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map(Vec::as_slice).unwrap_or_default()
    }
}

impl fmt::Display for Object {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} in {}", self.kind(), self.name(), self.file)
    }
}
