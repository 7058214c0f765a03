//! A setting, declared once.

use super::{Effective, Given};

/// What is known of a setting besides its type.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its table and name in the file: `processor.concurrency`.
    pub path: &'static str,
    /// The variables that set it; the first one that is set wins. Ours come before those of the published system.
    pub variables: &'static [&'static str],
    /// The option that sets it, without its dashes.
    pub option: &'static str,
    /// What it is where nobody says.
    pub preset: Preset,
    /// What it means, in a line.
    pub meaning: &'static str,
}

/// What a setting is where nobody says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// This, written as in a variable.
    Value(&'static str),
    /// Nothing: the role does without.
    Nothing,
    /// Nothing, and the role cannot do without. This is how it may look.
    Required(&'static str),
}

impl About {
    /// The table and the name in it.
    pub fn table_and_name(&self) -> (&'static str, &'static str) {
        self.path.split_once('.').unwrap_or(("", self.path))
    }
}

/// A type of setting: how it reads, and what is allowed.
pub trait Kind: Send + Sync + 'static {
    /// What it reads as.
    type Value;

    /// Stands for the value in the list of options.
    const PLACEHOLDER: &'static str;

    /// Whether a value may hold a secret, so that it is never repeated as it was given.
    const IS_SECRET: bool = false;

    /// Whether the value is a list.
    const IS_LIST: bool = false;

    /// Whether naming the option is enough.
    const IS_SWITCH: bool = false;

    /// Reads a value.
    ///
    /// # Errors
    /// What is wrong, without the value itself.
    fn read(&self, given: &Given) -> Result<Self::Value, String>;

    /// How a value is shown; secrets are masked.
    fn show(&self, value: &Self::Value) -> Effective;

    /// What is allowed, for people.
    fn allowed(&self) -> String;
}

/// A setting.
#[derive(Clone, Copy, Debug)]
pub struct Key<K> {
    /// Its names, default and meaning.
    pub about: About,
    /// Its type.
    pub kind: K,
}

/// A setting with its type hidden.
pub trait Setting: Send + Sync {
    /// Its names, default and meaning.
    fn about(&self) -> &About;

    /// What is allowed, for people.
    fn allowed(&self) -> String;

    /// Stands for the value in the list of options.
    fn placeholder(&self) -> &'static str;

    /// Whether the value is a list.
    fn is_list(&self) -> bool;

    /// Whether naming the option is enough.
    fn is_switch(&self) -> bool;
}

impl<K: Kind> Setting for Key<K> {
    fn about(&self) -> &About {
        &self.about
    }

    fn allowed(&self) -> String {
        self.kind.allowed()
    }

    fn placeholder(&self) -> &'static str {
        K::PLACEHOLDER
    }

    fn is_list(&self) -> bool {
        K::IS_LIST
    }

    fn is_switch(&self) -> bool {
        K::IS_SWITCH
    }
}
