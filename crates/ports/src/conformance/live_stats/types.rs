//! Counters by job type, whose number clients decide.

use std::collections::BTreeSet;

use contracts::EventType;

use super::support::{Stats, StatsHarness, event, expected, mixed, sorted};
use crate::{MAX_TYPES, OTHER_TYPES, StatEvent, TypeStats};

use EventType::{Completed, Created, Failed, Quarantined};

fn of_type(number: u64, event_type: EventType, job_type: &str) -> StatEvent {
    StatEvent {
        job_type: job_type.to_owned(),
        ..event(number, event_type)
    }
}

/// Created, completed, and what did not go well, failed or quarantined.
pub async fn types_are_counted_apart(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let names = ["echo", "Echo", "echo ", "\u{1f980}", "a'b\"c", "a.b:c"];
    let mut events = Vec::new();
    for (number, name) in (0..).zip(names) {
        for (at, kind) in (0..).zip([Created, Completed, Failed, Quarantined, EventType::Executed]) {
            events.push(of_type(number * 10 + at, kind, name));
        }
    }
    stats.apply(events.clone()).await;
    let snapshot = stats.snapshot().await;
    assert_eq!(sorted(snapshot.clone()), sorted(expected(&events)));
    assert!(
        snapshot
            .types
            .iter()
            .all(|kind| (kind.created, kind.completed, kind.failed) == (1, 1, 2))
    );
}

/// By created jobs, most first.
pub async fn the_busiest_types_come_first(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let mut number = 0;
    for (name, jobs) in [("few", 1), ("many", 20), ("some", 5), ("more", 21)] {
        for _ in 0..jobs {
            number += 1;
            stats.apply(vec![of_type(number, Created, name)]).await;
        }
    }
    let types = stats.snapshot().await.types;
    let names: Vec<_> = types.iter().map(|kind| kind.job_type.as_str()).collect();
    assert_eq!(names, ["more", "many", "some", "few"]);
}

/// A client that invents types fills neither memory nor page; its events are still counted.
pub async fn the_number_of_types_is_bounded(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let invented = 3 * MAX_TYPES as u64;
    let mut events: Vec<_> = (0..invented)
        .map(|n| of_type(n, Created, &format!("type-{n:04}")))
        .collect();
    events.extend((0..invented).map(|n| of_type(10_000 + n, Completed, &format!("type-{n:04}"))));
    for batch in events.chunks(100) {
        stats.apply(batch.to_vec()).await;
    }
    let snapshot = stats.snapshot().await;
    assert_eq!(
        (snapshot.count(Created), snapshot.count(Completed)),
        (invented, invented)
    );
    let (other, told): (Vec<TypeStats>, Vec<_>) = snapshot
        .types
        .into_iter()
        .partition(|kind| kind.job_type == OTHER_TYPES);
    assert!(told.len() <= MAX_TYPES, "{} types are told apart", told.len());
    assert_eq!(other.len(), 1, "the rest is summed once");
    assert_eq!(
        told.iter()
            .map(|kind| &kind.job_type)
            .collect::<BTreeSet<_>>()
            .len(),
        told.len()
    );
    let sum = |of: fn(&TypeStats) -> u64| told.iter().chain(&other).map(of).sum::<u64>();
    assert_eq!(
        (sum(|kind| kind.created), sum(|kind| kind.completed)),
        (invented, invented)
    );
}

/// A type of that name is a type like others, until there are too many.
pub async fn a_client_may_call_its_type_other(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let mut events = mixed(20);
    events.extend((100..110).map(|number| of_type(number, Created, OTHER_TYPES)));
    stats.apply(events.clone()).await;
    assert_eq!(sorted(stats.snapshot().await), sorted(expected(&events)));
}
