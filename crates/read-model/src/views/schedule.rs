//! Schedules, as clients read them.

use domain::schedule::{CatchUp, Schedule};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many firings ahead a schedule shows.
const AHEAD: usize = 5;

/// Every schedule.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Schedules)]
pub(crate) struct ScheduleList {
    /// The schedules by name; the list is complete.
    items: Vec<ScheduleView>,
}

impl ScheduleList {
    /// The list as it is at `now`.
    pub(crate) fn at(now: Timestamp, schedules: Vec<Schedule>) -> Self {
        let items = schedules.into_iter();
        Self {
            items: items.map(|schedule| ScheduleView::at(now, schedule)).collect(),
        }
    }
}

/// A rule that makes jobs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Schedule)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScheduleView {
    /// Tells it from others that had its name before.
    id: Uuid,
    /// What people call it; no two have the same.
    #[schema(examples("nightly"))]
    name: String,
    /// The cron expression.
    #[schema(examples("0 3 * * *"))]
    cron: String,
    /// The time zone that it is read in.
    #[schema(examples("Europe/Berlin"))]
    timezone: String,
    /// What happens to firings that were missed: `skip`, `one` makes up for all, `all`.
    #[schema(value_type = String, examples("one"))]
    catch_up: CatchUp,
    /// Whether it fires nothing for now.
    paused: bool,
    /// The job that each firing makes: what a client would submit.
    #[schema(value_type = Object)]
    job: Box<RawValue>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When somebody last changed, paused or resumed it.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When it fires next; null while it is paused.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// The moment of the last firing.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    last_at: Option<Timestamp>,
    /// The job of the last firing.
    #[schema(required)]
    last_job: Option<Uuid>,
    /// The next firings; none while it is paused, or if its rule does not read any more.
    #[schema(value_type = Vec<String>, format = DateTime)]
    next: Vec<Timestamp>,
}

impl ScheduleView {
    /// The schedule as it is at `now`.
    pub(crate) fn at(now: Timestamp, schedule: Schedule) -> Self {
        Self {
            next: firings(now, &schedule),
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

fn firings(now: Timestamp, schedule: &Schedule) -> Vec<Timestamp> {
    match schedule.rule() {
        Ok(rule) if !schedule.paused => rule.preview(now, AHEAD),
        _ => Vec::new(),
    }
}
