//! What happens, said to people or to programs.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::failure::Failure;

/// Something that happened. One JSON object in a line with `--json`; names and fields stay what they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub(super) enum Event<'a> {
    /// A step begins.
    Step { step: &'a str },
    /// How far it has come.
    Progress { step: &'a str, detail: &'a str },
    /// It is over; `detail` says what was done, or that nothing was to do.
    Done {
        step: &'a str,
        detail: &'a str,
        millis: u64,
    },
    /// It is not as it should be, and goes on all the same.
    Warning {
        step: &'a str,
        message: &'a str,
        hint: &'a str,
    },
    /// Something answers.
    AccessPoint { name: &'a str, url: &'a str },
    /// It cannot go on.
    Failed {
        step: &'a str,
        message: &'a str,
        hint: &'a str,
    },
    /// It was asked to stop; `hint` says how it goes on.
    Interrupted { hint: &'a str },
    /// Everything is there.
    Ready { seconds: u64 },
}

/// Who says it.
#[derive(Debug)]
pub(super) enum Reporter {
    /// One object in a line, on stdout.
    Json,
    /// A line for each step, on stderr; on a terminal what goes on is shown meanwhile.
    Person(Option<ProgressBar>),
}

/// A step that goes on.
#[derive(Debug)]
pub(super) struct Step<'r> {
    reporter: &'r Reporter,
    name: &'static str,
    since: Instant,
}

impl Reporter {
    pub(super) fn new(json: bool) -> Self {
        if json {
            return Self::Json;
        }
        let bar = io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            // The template is ours and fits.
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix:12} {wide_msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Self::Person(bar)
    }

    /// Begins a step.
    pub(super) fn step(&self, name: &'static str) -> Step<'_> {
        match self {
            Self::Json => json(&Event::Step { step: name }),
            Self::Person(Some(bar)) => {
                bar.reset_elapsed();
                bar.set_prefix(name);
                bar.set_message("");
            }
            Self::Person(None) => {}
        }
        Step {
            reporter: self,
            name,
            since: Instant::now(),
        }
    }

    /// Says that it cannot go on.
    pub(super) fn failed(&self, step: &str, failure: &Failure) {
        let Failure { message, hint } = failure;
        match self {
            Self::Json => json(&Event::Failed { step, message, hint }),
            Self::Person(_) => self.line(&format!("✗ {step:12} {failure}")),
        }
    }

    /// Says that it stops because it was asked to.
    pub(super) fn interrupted(&self) {
        let hint = "run the same command again to go on where it stopped";
        match self {
            Self::Json => json(&Event::Interrupted { hint }),
            Self::Person(_) => self.line(&format!("interrupted; {hint}")),
        }
    }

    /// Says where something answers.
    pub(super) fn access_point(&self, name: &str, url: &str) {
        match self {
            Self::Json => json(&Event::AccessPoint { name, url }),
            Self::Person(_) => self.line(&format!("  {name:28} {url}")),
        }
    }

    /// Says that everything is there.
    pub(super) fn ready(&self, took: Duration) {
        let seconds = took.as_secs();
        match self {
            Self::Json => json(&Event::Ready { seconds }),
            Self::Person(_) => self.line(&format!("ready after {seconds} s")),
        }
    }

    /// A line for a person.
    pub(super) fn line(&self, text: &str) {
        match self {
            Self::Json => {}
            Self::Person(Some(bar)) => bar.suspend(|| note(text)),
            Self::Person(None) => note(text),
        }
    }

    /// Leaves the terminal as it was.
    pub(super) fn close(&self) {
        if let Self::Person(Some(bar)) = self {
            bar.finish_and_clear();
        }
    }
}

impl Step<'_> {
    /// Says how far it has come.
    pub(super) fn show(&self, detail: &str) {
        match self.reporter {
            Reporter::Json => json(&Event::Progress {
                step: self.name,
                detail,
            }),
            Reporter::Person(Some(bar)) => bar.set_message(detail.to_owned()),
            Reporter::Person(None) => note(&format!("  {:12} {detail}", self.name)),
        }
    }

    /// Says that something is not as it should be.
    pub(super) fn warn(&self, failure: &Failure) {
        let Failure { message, hint } = failure;
        match self.reporter {
            Reporter::Json => json(&Event::Warning {
                step: self.name,
                message,
                hint,
            }),
            Reporter::Person(_) => self.reporter.line(&format!("! {:12} {failure}", self.name)),
        }
    }

    /// Says that it is over.
    pub(super) fn done(self, detail: &str) {
        let millis = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        match self.reporter {
            Reporter::Json => json(&Event::Done {
                step: self.name,
                detail,
                millis,
            }),
            Reporter::Person(_) => self.reporter.line(&format!("✓ {:12} {detail}", self.name)),
        }
    }
}

fn json(event: &Event<'_>) {
    if let Ok(text) = serde_json::to_string(event) {
        let _nobody_listens = writeln!(io::stdout(), "{text}");
    }
}

fn note(text: &str) {
    let _nobody_listens = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_find_the_same_fields_in_every_version() {
        let text = |event| serde_json::to_string(&event).unwrap();
        assert_eq!(
            text(Event::Step { step: "images" }),
            r#"{"event":"step","step":"images"}"#
        );
        assert_eq!(
            text(Event::Done {
                step: "images",
                detail: "3 loaded",
                millis: 7
            }),
            r#"{"event":"done","step":"images","detail":"3 loaded","millis":7}"#
        );
        assert_eq!(
            text(Event::AccessPoint {
                name: "page",
                url: "http://localhost:8081"
            }),
            r#"{"event":"accessPoint","name":"page","url":"http://localhost:8081"}"#
        );
        assert_eq!(
            text(Event::Failed {
                step: "doctor",
                message: "no kind",
                hint: "install it"
            }),
            r#"{"event":"failed","step":"doctor","message":"no kind","hint":"install it"}"#
        );
    }
}
