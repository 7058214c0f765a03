//! One difference between two versions of a schema, and what it costs.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How much of a version number a change needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Words only.
    Patch,
    /// Whoever follows the old version is still understood.
    Minor,
    /// Somebody who follows the old version may be refused or misread.
    Major,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// What sort of difference it is. The sort alone decides the [`Level`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A title, a description, an example or a comment changed.
    Documentation,
    /// The text changed and its meaning did not (order, an unused definition).
    Rearranged,
    /// An optional field is new.
    FieldAdded,
    /// A field is gone, or has another name.
    FieldRemoved,
    /// A field must be given now.
    FieldRequired,
    /// A field need not be given any more.
    FieldOptional,
    /// More types are allowed.
    TypeWidened,
    /// Fewer types are allowed.
    TypeNarrowed,
    /// Other types are allowed.
    TypeChanged,
    /// An enumeration has more values.
    ValuesAdded,
    /// An enumeration has lost values.
    ValuesRemoved,
    /// A limit is new.
    ConstraintAdded,
    /// A limit allows less.
    ConstraintTightened,
    /// A limit is another one, and the two cannot be ordered.
    ConstraintChanged,
    /// A limit allows more.
    ConstraintRelaxed,
    /// A limit is gone.
    ConstraintRemoved,
    /// The document names itself or its dialect differently.
    IdentityChanged,
    /// The checker cannot judge it.
    NotUnderstood,
}

impl Kind {
    /// The rule table.
    pub const fn level(self) -> Level {
        match self {
            Self::Documentation | Self::Rearranged => Level::Patch,
            Self::FieldAdded
            | Self::FieldOptional
            | Self::TypeWidened
            | Self::ValuesAdded
            | Self::ConstraintRelaxed
            | Self::ConstraintRemoved => Level::Minor,
            Self::FieldRemoved
            | Self::FieldRequired
            | Self::TypeNarrowed
            | Self::TypeChanged
            | Self::ValuesRemoved
            | Self::ConstraintAdded
            | Self::ConstraintTightened
            | Self::ConstraintChanged
            | Self::IdentityChanged
            | Self::NotUnderstood => Level::Major,
        }
    }
}

/// One difference between two versions of a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Where in the schema, as a JSON pointer that looks through `$ref` and `allOf`.
    pub path: String,
    /// What sort of difference.
    pub kind: Kind,
    /// What it costs.
    pub level: Level,
    /// The difference in words.
    pub description: String,
}

impl Change {
    pub(super) fn new(path: impl Into<String>, kind: Kind, description: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            kind,
            level: kind.level(),
            description: description.into(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "/" } else { &self.path };
        write!(f, "{} {path}: {}", self.level, self.description)
    }
}
