//! How log lines are written.

use std::io::IsTerminal;

use service::telemetry::LogFormat;

use crate::config::{Effective, Given, Kind};

/// `auto`, `text` or `json`.
#[derive(Clone, Copy, Debug)]
pub struct LogFormats;

/// How log lines are to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormatChoice {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// This one.
    Always(LogFormat),
}

impl LogFormatChoice {
    /// The format for this process.
    pub fn decided(self) -> LogFormat {
        match self {
            Self::Always(format) => format,
            Self::Auto if std::io::stderr().is_terminal() => LogFormat::Text,
            Self::Auto => LogFormat::Json,
        }
    }
}

impl Kind for LogFormats {
    type Value = LogFormatChoice;

    const PLACEHOLDER: &'static str = "FORMAT";

    fn read(&self, given: &Given) -> Result<LogFormatChoice, String> {
        let text = given.text()?;
        if text == "auto" {
            return Ok(LogFormatChoice::Auto);
        }
        let format = text.parse().map_err(|_| format!("expected {}", self.allowed()))?;
        Ok(LogFormatChoice::Always(format))
    }

    fn show(&self, value: &LogFormatChoice) -> Effective {
        Effective::text(match value {
            LogFormatChoice::Auto => "auto",
            LogFormatChoice::Always(LogFormat::Text) => "text",
            LogFormatChoice::Always(LogFormat::Json) => "json",
        })
    }

    fn allowed(&self) -> String {
        "auto, text or json".to_owned()
    }
}
