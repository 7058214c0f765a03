//! Names.

use crate::config::{Effective, Given, Kind};

/// A short text without spaces or control characters.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    /// The most characters.
    pub longest: usize,
    /// What it names, e.g. `TYPE`.
    pub what: &'static str,
}

impl Kind for Name {
    type Value = String;

    const PLACEHOLDER: &'static str = "NAME";

    fn read(&self, given: &Given) -> Result<String, String> {
        let text = given.text()?;
        let is_name = text.chars().count() <= self.longest && text.chars().all(is_printable);
        is_name
            .then(|| text.into_owned())
            .ok_or_else(|| format!("expected a {}", self.allowed()))
    }

    fn show(&self, value: &String) -> Effective {
        Effective::text(value)
    }

    fn allowed(&self) -> String {
        format!(
            "{} of at most {} characters, without spaces",
            self.what, self.longest
        )
    }
}

fn is_printable(c: char) -> bool {
    !c.is_whitespace() && !c.is_control()
}
