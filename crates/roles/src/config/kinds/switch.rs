//! Yes or no.

use crate::config::{Effective, Given, Kind};

/// `true` or `false`.
#[derive(Clone, Copy, Debug)]
pub struct Switch;

impl Kind for Switch {
    type Value = bool;

    const PLACEHOLDER: &'static str = "true|false";
    const IS_SWITCH: bool = true;

    fn read(&self, given: &Given) -> Result<bool, String> {
        given
            .text()?
            .parse()
            .map_err(|_| "expected true or false".to_owned())
    }

    fn show(&self, value: &bool) -> Effective {
        Effective::bare(value)
    }

    fn allowed(&self) -> String {
        "true or false".to_owned()
    }
}
