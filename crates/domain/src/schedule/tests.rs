mod due;
mod expressions;
mod random;
mod zones;

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn cron(expression: &str, zone: &str) -> Cron {
    Cron::new(expression, zone).unwrap_or_else(|error| panic!("{expression}: {error}"))
}

/// The next firings of an expression, as text.
fn next(expression: &str, zone: &str, from: &str, n: usize) -> Vec<String> {
    cron(expression, zone)
        .preview(at(from), n)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn names_stand_in_addresses_as_they_are() {
    for name in ["a", "nightly-report_2.eu", &"x".repeat(128)] {
        let name: ScheduleName = name.parse().unwrap();
        assert_eq!(
            serde_json::from_value::<ScheduleName>(json!(name.as_str())).unwrap(),
            name
        );
    }
    for name in ["", "-a", ".a", "a b", "a/b", "é", &"x".repeat(129)] {
        assert_eq!(name.parse::<ScheduleName>(), Err(InvalidName), "{name}");
        assert!(serde_json::from_value::<ScheduleName>(json!(name)).is_err());
    }
}

#[test]
fn a_firing_makes_the_same_job_for_ever() {
    let schedule = Uuid::from_u128(7);
    let id = firing_id(schedule, at("2026-11-25T10:00:00Z"));
    assert_eq!(
        id.to_string(),
        "1ea0823d-0cec-5610-9b6a-75edaaece1c2",
        "stored by earlier versions"
    );
    assert_ne!(id, firing_id(schedule, at("2026-11-25T10:01:00Z")));
    assert_ne!(id, firing_id(Uuid::from_u128(8), at("2026-11-25T10:00:00Z")));
}

#[test]
fn a_schedule_reads_as_it_was_written() {
    let text = json!({
        "id": Uuid::from_u128(7), "name": "nightly", "cron": "0 3 * * *", "timezone": "Europe/Berlin",
        "catchUp": "one", "paused": false, "job": {"type": "report"},
        "createdAt": "2026-11-25T10:00:00Z", "updatedAt": "2026-11-25T10:00:00Z",
        "nextAt": "2026-11-26T02:00:00Z", "lastAt": null, "lastJob": null
    });
    let schedule: Schedule = serde_json::from_str(&text.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&schedule).unwrap(), text);
    assert_eq!(
        schedule.rule().unwrap().next_after(schedule.anchor()),
        schedule.next_at
    );
}

#[test]
fn firings_count_from_the_last_one_or_the_last_change() {
    let schedule = |updated_at: &str, last_at: Option<&str>| Schedule {
        id: Uuid::nil(),
        name: "a".parse().unwrap(),
        cron: String::new(),
        timezone: String::new(),
        catch_up: CatchUp::One,
        paused: false,
        job: Box::default(),
        created_at: at("2026-01-01T00:00:00Z"),
        updated_at: at(updated_at),
        next_at: None,
        last_at: last_at.map(at),
        last_job: None,
    };
    let (early, late) = ("2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z");
    assert_eq!(schedule(early, None).anchor(), at(early));
    assert_eq!(schedule(early, Some(late)).anchor(), at(late));
    assert_eq!(schedule(late, Some(early)).anchor(), at(late));
}
