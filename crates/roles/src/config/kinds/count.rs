//! Whole numbers.

use crate::config::{Effective, Given, Kind};

/// A whole number within bounds.
#[derive(Clone, Copy, Debug)]
pub struct Count {
    /// The smallest that is allowed.
    pub min: usize,
    /// The largest that is allowed.
    pub max: usize,
}

impl Kind for Count {
    type Value = usize;

    const PLACEHOLDER: &'static str = "N";

    fn read(&self, given: &Given) -> Result<usize, String> {
        let number = given.text()?.parse().ok();
        number
            .filter(|number| (self.min..=self.max).contains(number))
            .ok_or_else(|| format!("expected a {}", self.allowed()))
    }

    fn show(&self, value: &usize) -> Effective {
        Effective::bare(value)
    }

    fn allowed(&self) -> String {
        format!("number from {} to {}", self.min, self.max)
    }
}
