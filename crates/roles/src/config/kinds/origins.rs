//! Origins of web pages.

use service::edge::Cors;

use crate::config::{Effective, Given, Kind};

/// The origins of pages that may use an API from a browser.
#[derive(Clone, Copy, Debug)]
pub struct Origins;

impl Kind for Origins {
    type Value = Vec<String>;

    const PLACEHOLDER: &'static str = "ORIGIN,…";
    const IS_LIST: bool = true;

    fn read(&self, given: &Given) -> Result<Vec<String>, String> {
        let origins: Vec<String> = given.list()?.into_iter().map(str::to_owned).collect();
        Cors::new(&origins, "GET").map_err(|error| error.to_string())?;
        Ok(origins)
    }

    fn show(&self, value: &Vec<String>) -> Effective {
        Effective::List(value.clone())
    }

    fn allowed(&self) -> String {
        "list of scheme://host:port".to_owned()
    }
}
