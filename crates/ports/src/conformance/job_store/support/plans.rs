//! Schedules.

use domain::schedule::{CatchUp, Schedule, ScheduleName};
use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::to_raw_value;
use uuid::Uuid;

/// A moment by its text.
pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// 10:00 of the day of all schedules, which are made then, and minutes and seconds after it.
pub(crate) fn ten(minutes: i64, seconds: i64) -> Timestamp {
    let ten = moment("2026-11-25T10:00:00Z").as_second();
    Timestamp::from_second(ten + minutes * 60 + seconds).unwrap_or(Timestamp::MAX)
}

/// A schedule that fires by a cron expression in UTC, made at 10:00; its job is an echo.
pub(crate) fn plan(name: &str, cron: &str) -> Schedule {
    let schedule = Schedule {
        id: Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()),
        name: name_of(name),
        cron: cron.to_owned(),
        timezone: "UTC".to_owned(),
        catch_up: CatchUp::One,
        paused: false,
        job: template(&serde_json::json!({"type": "echo"})),
        created_at: ten(0, 0),
        updated_at: ten(0, 0),
        next_at: None,
        last_at: None,
        last_job: None,
    };
    planned(schedule)
}

/// The schedule with the moment that it fires next, as whoever keeps it says.
pub(crate) fn planned(schedule: Schedule) -> Schedule {
    let next_at = schedule
        .rule()
        .ok()
        .and_then(|rule| rule.next_after(schedule.anchor()));
    Schedule {
        next_at: next_at.filter(|_| !schedule.paused),
        ..schedule
    }
}

pub(crate) fn template(job: &Value) -> Box<serde_json::value::RawValue> {
    to_raw_value(job).unwrap_or_default()
}

fn name_of(name: &str) -> ScheduleName {
    name.parse().unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Everything that a schedule says, to be compared.
pub(crate) fn told(schedule: &Schedule) -> Value {
    serde_json::to_value(schedule).unwrap_or_default()
}
