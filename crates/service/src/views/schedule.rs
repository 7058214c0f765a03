//! Schedules as clients read them.

use domain::schedule::{CatchUp, Schedule};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many firings a schedule is shown with.
pub const SHOWN_FIRINGS: usize = 5;

/// A schedule and when it fires.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Schedule)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleView {
    /// What the identifiers of its jobs are derived from.
    pub id: Uuid,
    /// What people call it.
    #[schema(examples("nightly"))]
    pub name: String,
    /// The cron expression.
    #[schema(examples("0 3 * * *"))]
    pub cron: String,
    /// The time zone that it is read in.
    #[schema(examples("Europe/Berlin"))]
    pub timezone: String,
    /// What happens to firings that were missed: `skip`, `one` makes up for all of them, or `all`.
    #[schema(value_type = String, examples("one"))]
    pub catch_up: CatchUp,
    /// Whether it fires nothing for now.
    pub paused: bool,
    /// The job that each firing makes.
    #[schema(value_type = Object)]
    pub job: Box<RawValue>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When somebody last changed, paused or resumed it.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    /// When it fires next; null while it is paused.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub next_at: Option<Timestamp>,
    /// The last firing that was dealt with: the moment it was due.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    pub last_at: Option<Timestamp>,
    /// The job of the last firing.
    #[schema(required)]
    pub last_job: Option<Uuid>,
    /// The next firings, at most 5; none while it is paused.
    #[schema(value_type = Vec<String>)]
    pub next: Vec<Timestamp>,
}

impl ScheduleView {
    /// A schedule as it stands at `now`.
    pub fn new(schedule: Schedule, now: Timestamp) -> Self {
        Self {
            next: firings(&schedule, now),
            id: schedule.id,
            name: schedule.name.into(),
            cron: schedule.cron,
            timezone: schedule.timezone,
            catch_up: schedule.catch_up,
            paused: schedule.paused,
            job: schedule.job,
            created_at: schedule.created_at,
            updated_at: schedule.updated_at,
            next_at: schedule.next_at,
            last_at: schedule.last_at,
            last_job: schedule.last_job,
        }
    }
}

/// A rule that does not read any more has none, and is paused by the scheduler.
fn firings(schedule: &Schedule, now: Timestamp) -> Vec<Timestamp> {
    match schedule.rule() {
        Ok(rule) if !schedule.paused => rule.preview(now, SHOWN_FIRINGS),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NOW: &str = "2026-01-02T03:04:05Z";

    fn schedule(cron: &str, paused: bool) -> Schedule {
        let text = json!({
            "id": Uuid::nil(), "name": "nightly", "cron": cron, "timezone": "UTC", "catchUp": "one",
            "paused": paused, "job": {"type": "echo"}, "createdAt": NOW, "updatedAt": NOW, "nextAt": null,
            "lastAt": null, "lastJob": null,
        });
        serde_json::from_str(&text.to_string()).unwrap()
    }

    fn next(cron: &str, paused: bool) -> Vec<Timestamp> {
        ScheduleView::new(schedule(cron, paused), NOW.parse().unwrap()).next
    }

    #[test]
    fn a_schedule_is_shown_with_its_next_firings() {
        let days: Vec<String> = next("0 3 * * *", false).iter().map(ToString::to_string).collect();
        assert_eq!(
            (days.len(), &*days[0], &*days[4]),
            (SHOWN_FIRINGS, "2026-01-03T03:00:00Z", "2026-01-07T03:00:00Z")
        );
    }

    #[test]
    fn what_does_not_fire_has_none() {
        assert_eq!(next("0 3 * * *", true), []);
        assert_eq!(next("no rule", false), []);
    }
}
