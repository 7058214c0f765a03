use contracts::EventType;
use domain::Row;
use proptest::prelude::*;
use uuid::Uuid;

use super::super::detail::summary;
use super::super::fixtures;
use super::super::row::Stored;
use super::*;

fn a_moment() -> impl Strategy<Value = Timestamp> {
    let (min, max) = (Timestamp::MIN.as_microsecond(), Timestamp::MAX.as_microsecond());
    (min..=max).prop_filter_map("in range", |micros| moment(micros).ok())
}

fn some_facts() -> impl Strategy<Value = Facts> {
    (any::<u128>(), any::<String>(), a_moment(), any::<u128>()).prop_map(
        |(id, job_type, created_at, correlation)| Facts {
            id: Uuid::from_u128(id),
            job_type,
            created_at,
            correlation_id: Uuid::from_u128(correlation),
            ..fixtures::facts(0)
        },
    )
}

type Part = (
    EventType,
    u32,
    Timestamp,
    Option<String>,
    Option<String>,
    Option<u64>,
    Option<Timestamp>,
    u32,
);

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let worker = proptest::option::of("[ab]");
    let part = (
        proptest::sample::select(EventType::ALL.to_vec()),
        any::<u32>(),
        a_moment(),
        worker,
        any::<Option<String>>(),
        any::<Option<u64>>(),
        proptest::option::of(a_moment()),
        proptest::prop_oneof![Just(0), any::<u32>()],
    );
    proptest::collection::vec(part, 0..8)
}

fn events(facts: &Facts, parts: Vec<Part>) -> Vec<JobEvent> {
    let event = |(kind, attempt, at, worker, error, run_micros, run_at, round)| JobEvent {
        worker,
        error,
        run_micros,
        run_at,
        round,
        ..facts.event(kind, attempt, at)
    };
    parts.into_iter().map(event).collect()
}

fn written(events: &[JobEvent]) -> Vec<u8> {
    let mut history = begin();
    let mut last: Option<&str> = None;
    for event in events {
        append(&mut history, event, last);
        last = event.worker.as_deref().or(last);
    }
    history
}

proptest! {
    #[test]
    fn a_history_comes_back_as_it_was(facts in some_facts(), parts in parts()) {
        let events = events(&facts, parts);
        let history = written(&events);
        prop_assert_eq!(first_at(facts.created_at, &history).ok(), events.first().map(|event| event.at));
        prop_assert_eq!(decode(&facts, &history), Ok(events));
    }

    #[test]
    fn the_last_error_is_the_one_that_the_events_tell(facts in some_facts(), parts in parts()) {
        let events = events(&facts, parts);
        let history = written(&events);
        let stored = Stored { seq: 1, facts, row: Row::pending(fixtures::at(0)), history, noted: None };
        prop_assert_eq!(
            last_error(&stored.history).map(|error| error.map(str::to_owned)),
            Ok(summary(&stored, &events).error)
        );
    }

    #[test]
    fn no_bytes_make_it_panic(facts in some_facts(), history: Vec<u8>) {
        let _ = (decode(&facts, &history), last_error(&history), first_at(facts.created_at, &history));
    }
}

fn plain_facts() -> Facts {
    Facts {
        created_at: Timestamp::UNIX_EPOCH,
        ..fixtures::facts(0)
    }
}

#[test]
fn an_ordinary_life_takes_few_bytes() {
    let facts = plain_facts();
    let worker = Some("host-1234-0123456789ab".to_owned());
    let at = |micros| moment(micros).unwrap();
    let life = [
        facts.event(EventType::Created, 0, at(900)),
        JobEvent {
            worker: worker.clone(),
            ..facts.event(EventType::Executed, 1, at(1900))
        },
        JobEvent {
            worker,
            run_micros: Some(250),
            ..facts.event(EventType::Completed, 1, at(2900))
        },
    ];
    assert!(written(&life).len() < 50, "{} bytes", written(&life).len());
}

#[test]
fn an_unknown_version_or_a_cut_is_refused() {
    let facts = plain_facts();
    assert_eq!(decode(&facts, &[7]), Err(Malformed::Bad("history version")));
    assert_eq!(decode(&facts, &[]), Err(Malformed::Short));
    let history = written(&[facts.event(EventType::Created, 0, Timestamp::UNIX_EPOCH)]);
    assert_eq!(
        decode(&facts, &history[..history.len() - 1]),
        Err(Malformed::Short)
    );
}
