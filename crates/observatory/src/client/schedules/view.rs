//! A schedule as people read it.

use std::io;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::client::out::Out;
use crate::client::style::{Paint, printable};
use crate::client::table::Cell;
use crate::client::times::{distance, moment};

/// What is shown of a schedule.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct View {
    pub(super) name: String,
    cron: String,
    timezone: String,
    #[serde(default)]
    catch_up: String,
    paused: bool,
    job: Value,
    #[serde(default)]
    next_at: Option<Timestamp>,
    #[serde(default)]
    last_at: Option<Timestamp>,
    #[serde(default)]
    last_job: Option<Uuid>,
    #[serde(default)]
    next: Vec<Timestamp>,
}

impl View {
    /// Its row in a list.
    pub(super) fn cells(&self, now: Timestamp) -> [Cell; 7] {
        let at = |at: Option<Timestamp>| at.map(|at| distance(at, now)).unwrap_or_default();
        [
            printable(&self.name).into(),
            Cell::state(self.state()),
            printable(&self.cron).into(),
            printable(&self.timezone).into(),
            self.job_type().into(),
            at(self.next_at.filter(|_| !self.paused)).into(),
            at(self.last_at).into(),
        ]
    }

    /// Prints all of it.
    ///
    /// # Errors
    /// When stdout is closed.
    pub(super) fn show(&self, out: Out, now: Timestamp) -> io::Result<()> {
        let at = |at: Timestamp| format!("{} ({})", moment(at), distance(at, now));
        let mut facts = vec![
            ("schedule", printable(&self.name)),
            ("state", out.style.state(self.state())),
            (
                "cron",
                format!("{} ({})", printable(&self.cron), printable(&self.timezone)),
            ),
            ("catch-up", printable(&self.catch_up)),
            ("job", printable(&self.job.to_string())),
        ];
        facts.extend(self.last_at.map(|last| ("last", at(last))));
        facts.extend(self.last_job.map(|job| ("last job", job.to_string())));
        facts.extend(
            self.next
                .iter()
                .enumerate()
                .map(|(place, next)| (if place == 0 { "next" } else { "" }, at(*next))),
        );
        for (name, value) in facts {
            out.line(format_args!(
                "{}{value}",
                out.style.paint(&format!("{name:<10}"), Paint::Dim)
            ))?;
        }
        Ok(())
    }

    fn state(&self) -> &'static str {
        if self.paused { "paused" } else { "active" }
    }

    fn job_type(&self) -> String {
        printable(self.job["type"].as_str().unwrap_or_default())
    }
}
