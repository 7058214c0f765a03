//! Which log lines are written.

use service::telemetry;

use crate::config::{Effective, Given, Kind};

/// A filter of log lines.
#[derive(Clone, Copy, Debug)]
pub struct LogFilter;

impl Kind for LogFilter {
    type Value = String;

    const PLACEHOLDER: &'static str = "FILTER";

    fn read(&self, given: &Given) -> Result<String, String> {
        let text = given.text()?;
        telemetry::check_filter(&text).map_err(|error| error.to_string())?;
        Ok(text.into_owned())
    }

    fn show(&self, value: &String) -> Effective {
        Effective::text(value)
    }

    fn allowed(&self) -> String {
        "level (error, warn, info, debug, trace), or levels by module, e.g. warn,processor=debug".to_owned()
    }
}
