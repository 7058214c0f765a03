//! One job in a list.

use contracts::{JobStatus, Priority};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::client::style::{Paint, brief, printable};
use crate::client::table::{Cell, Table};
use crate::client::times::{age, distance};

/// How much of an error a row shows, in characters.
const ERROR: usize = 60;

/// What a row needs of a job.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    id: Uuid,
    #[serde(rename = "type")]
    job_type: String,
    status: JobStatus,
    created_at: Timestamp,
    attempt: u32,
    #[serde(default)]
    priority: Priority,
    #[serde(default)]
    held: Option<String>,
    #[serde(default)]
    next_run_at: Option<Timestamp>,
    #[serde(default)]
    error: Option<String>,
}

/// An empty list.
pub(super) fn table() -> Table<6> {
    Table::new(["ID", "STATE", "TYPE", "AGE", "ATTEMPTS", "NOTE"])
}

impl Row {
    /// The row at a moment.
    pub(super) fn cells(&self, now: Timestamp) -> [Cell; 6] {
        [
            self.id.to_string().into(),
            Cell::state(self.status.as_str()),
            printable(&self.job_type).into(),
            age(self.created_at, now).into(),
            self.attempt.to_string().into(),
            Cell::of(self.note(now), Paint::Dim),
        ]
    }

    /// What else is worth knowing: what it waits for, why it failed.
    fn note(&self, now: Timestamp) -> String {
        let mut notes = Vec::new();
        if self.priority != Priority::Normal && !self.status.is_terminal() {
            notes.push(format!("{} priority", self.priority));
        }
        if let Some(held) = &self.held {
            notes.push(format!("held: {}", printable(held)));
        } else if let Some(at) = self.next_run_at {
            notes.push(format!("next {}", distance(at, now)));
        }
        if let Some(error) = self
            .error
            .as_deref()
            .filter(|_| self.status != JobStatus::Completed)
        {
            notes.push(brief(error, ERROR));
        }
        notes.join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::style::Style;

    fn shown(rest: &str) -> String {
        let text = format!(
            r#"{{"id":"00000000-0000-0000-0000-000000000001","type":"email","createdAt":"2026-01-02T03:04:05Z",{rest}}}"#
        );
        let row: Row = serde_json::from_str(&text).unwrap();
        let mut table = table();
        table.take(Style::PLAIN);
        table.row(row.cells("2026-01-02T03:09:05Z".parse().unwrap()));
        table.take(Style::PLAIN)
    }

    #[test]
    fn a_row_says_what_a_job_waits_for() {
        let held =
            shown(r#""status":"PENDING","attempt":0,"priority":"high","held":"rate","nextRunAt":null"#);
        assert_eq!(
            held,
            "00000000-0000-0000-0000-000000000001  pending  email  5m   0         high priority; held: rate\n"
        );
        let waits =
            r#""status":"RETRYING","attempt":1,"nextRunAt":"2026-01-02T03:09:35Z","error":"no luck\nat all""#;
        assert!(
            shown(waits).ends_with("next in 30s; no luck…\n"),
            "{}",
            shown(waits)
        );
    }

    #[test]
    fn a_completed_job_needs_no_note() {
        let done = shown(r#""status":"COMPLETED","attempt":2,"priority":"low","error":"earlier""#);
        assert!(done.ends_with("completed  email  5m   2\n"), "{done}");
    }
}
