//! An event of a job as one line.

use contracts::{EventType, JobStatus};
use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use crate::client::style::{Paint, Style, brief, printable};
use crate::client::times::{millis, time_of_day};
use crate::measure;

/// How much of an error a line shows, in characters.
const ERROR: usize = 100;

/// What is shown of an event's envelope.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct JobEvent {
    event_type: EventType,
    occurred_at: Timestamp,
    payload: Payload,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    id: Uuid,
    #[serde(rename = "type")]
    job_type: String,
    status: JobStatus,
    #[serde(default)]
    attempt: Option<u32>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    run_micros: Option<u64>,
    #[serde(default)]
    run_at: Option<Timestamp>,
}

impl JobEvent {
    /// The line.
    pub(super) fn line(&self, style: Style) -> String {
        let name = self.event_type.as_str();
        let name = name.strip_prefix("job.").unwrap_or(name);
        let state = style.paint(
            &format!("{name:<11}"),
            Paint::of_state(self.payload.status.as_str()),
        );
        let Payload { id, job_type, .. } = &self.payload;
        let line = format!(
            "{}  {state}  {id}  {}",
            time_of_day(self.occurred_at),
            printable(job_type)
        );
        self.notes()
            .into_iter()
            .fold(line, |line, note| format!("{line}  {note}"))
    }

    fn notes(&self) -> Vec<String> {
        let payload = &self.payload;
        let attempt = payload.attempt.filter(|attempt| *attempt > 0);
        let notes = [
            attempt.map(|attempt| format!("attempt {attempt}")),
            payload.run_micros.map(|micros| millis(measure::millis(micros))),
            payload.run_at.map(|at| format!("next at {}", time_of_day(at))),
            payload.error.as_deref().map(|error| brief(error, ERROR)),
        ];
        notes.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_when_what_happened_to_which_job() {
        let text = r#"{"eventType":"job.retrying","occurredAt":"2026-01-02T03:04:05.5Z","payload":{
            "id":"00000000-0000-0000-0000-000000000001","type":"email","status":"RETRYING","createdAt":"2026-01-02T03:04:05Z",
            "attempt":2,"error":"no luck","runMicros":12700,"runAt":"2026-01-02T03:04:07Z"}}"#;
        let event: JobEvent = serde_json::from_str(text).unwrap();
        assert_eq!(
            event.line(Style::PLAIN),
            "03:04:05.500  retrying     00000000-0000-0000-0000-000000000001  email  attempt 2  13 ms  \
             next at 03:04:07.000  no luck"
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let text = r#"{"eventType":"job.created","occurredAt":"2026-01-02T03:04:05Z","payload":{
            "id":"00000000-0000-0000-0000-000000000001","type":"echo","status":"PENDING","payload":{"x":1}}}"#;
        let event: JobEvent = serde_json::from_str(text).unwrap();
        assert!(
            event
                .line(Style::PLAIN)
                .ends_with("created      00000000-0000-0000-0000-000000000001  echo")
        );
    }
}
