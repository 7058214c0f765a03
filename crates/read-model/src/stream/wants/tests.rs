use jiff::Timestamp;
use ports::{Cursor, LoggedEvent};

use super::super::place::Place;
use super::*;

fn read(parameters: &str) -> Result<Wants, Problem> {
    let uri = format!("/stream?{parameters}").parse().unwrap();
    Wants::read(&Query::parse(&uri, &PARAMETERS)?)
}

/// An event of job 7, of type `email`, that has failed.
fn failed() -> Item {
    let body = r#"{"eventType":"job.failed","payload":{"id":"…","type":"email","status":"FAILED"}}"#;
    item(EventType::Failed, body)
}

fn item(event_type: EventType, body: &'static str) -> Item {
    let event = LoggedEvent {
        event_id: Uuid::from_u128(1),
        job_id: Uuid::from_u128(7),
        event_type,
        occurred_at: Timestamp::UNIX_EPOCH,
        body: body.into(),
    };
    Item::new(event, Place::behind(Cursor::new("1")))
}

#[test]
fn without_conditions_everything_is_wanted() {
    let wants = read("").unwrap();
    assert!(wants.events && wants.numbers && wants.includes(&failed()));
}

#[test]
fn topics_can_be_chosen() {
    let topics = |parameters| {
        read(parameters)
            .map(|wants| (wants.events, wants.numbers))
            .unwrap()
    };
    assert_eq!(topics("topics=job"), (true, false));
    assert_eq!(topics("topics=stats"), (false, true));
    assert_eq!(topics("topics=stats,job"), (true, true));
}

#[test]
fn every_condition_holds_with_one_of_its_alternatives() {
    let job = Uuid::from_u128(7);
    for (parameters, expected) in [
        ("type=email", true),
        ("type=report,email", true),
        ("type=report", false),
        ("type=job.failed", true),
        ("type=job.completed,job.failed,email", true),
        ("type=job.completed,email", false),
        ("type=job.failed,report", false),
        ("state=failed,CANCELLED", true),
        ("state=completed", false),
        ("state=failed&type=email", true),
        ("state=failed&type=report", false),
        (&format!("jobId={job}"), true),
        (&format!("jobId={},{job}", Uuid::from_u128(8)), true),
        (&format!("jobId={}", Uuid::from_u128(8)), false),
    ] {
        assert_eq!(
            read(parameters).unwrap().includes(&failed()),
            expected,
            "{parameters}"
        );
    }
}

#[test]
fn an_envelope_that_does_not_read_passes_no_condition_on_its_content() {
    let broken = item(EventType::Failed, "{");
    assert!(read("type=job.failed").unwrap().includes(&broken));
    assert!(!read("type=email").unwrap().includes(&broken));
    assert!(!read("state=failed").unwrap().includes(&broken));
}

#[test]
fn what_makes_no_sense_is_refused_by_name() {
    let many = (0..=MAX_ALTERNATIVES).map(|number| format!("t{number}"));
    let many = format!("type={}", many.collect::<Vec<_>>().join(","));
    for (parameters, name) in [
        ("topics=jobs", "topics"),
        ("topics=job,", "topics"),
        ("state=done", "state"),
        ("type=a%20b", "type"),
        ("type=email,", "type"),
        ("jobId=7", "jobId"),
        ("q=state:failed", "q"),
        (&many, "type"),
    ] {
        let problem = read(parameters).unwrap_err();
        assert!(
            problem.detail_text().starts_with(name),
            "{parameters}: {problem:?}"
        );
    }
}
