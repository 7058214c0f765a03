//! Errors of one cause, in groups.

use contracts::EventType;
use domain::fingerprint::Fingerprint;
use jiff::Timestamp;
use uuid::Uuid;

use super::support::{
    MINUTE, Stats, StatsHarness, event, expected_errors, hours_from_now, mixed, second, sorted_errors,
};
use crate::conformance::dice::Dice;
use crate::{ErrorGroup, Failure, MAX_ERROR_GROUPS, StatEvent};

use EventType::{Cancelled, Created, Failed, Quarantined, Retrying};

/// An error of cause `cause`, so many seconds after [`MINUTE`], of job `number`.
fn error(number: u64, cause: u64, after: i64) -> StatEvent {
    StatEvent {
        at: second(MINUTE + after),
        failure: Some(failure(cause)),
        ..event(number, Failed)
    }
}

fn failure(cause: u64) -> Failure {
    Failure {
        fingerprint: Fingerprint(cause),
        title: format!("cause {cause}"),
    }
}

fn job(number: u64) -> Uuid {
    event(number, Failed).job_id
}

fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::MAX)
}

/// How many, the first, the latest and whose that was; of whatever type the events are.
pub async fn errors_of_one_cause_are_one_group(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let kinds = [Retrying, Failed, Quarantined, Cancelled];
    let events = (0..).zip(kinds).map(|(number, event_type)| StatEvent {
        event_type,
        ..error(number, 7, [20, 90, 10, 30][usize::try_from(number).unwrap_or(0)])
    });
    stats.apply(events.collect()).await;
    stats.apply(vec![error(9, 8, 50), event(10, Created)]).await;
    let group = |cause, count, first, last, number| ErrorGroup {
        failure: failure(cause),
        count,
        first_at: second(MINUTE + first),
        last_at: second(MINUTE + last),
        last_job: job(number),
    };
    let expected = [group(7, 4, 10, 90, 1), group(8, 1, 50, 50, 9)];
    assert_eq!(stats.errors(10).await, expected);
}

/// What went well, or does not say why it went wrong, is in no group.
pub async fn events_without_an_error_are_in_no_group(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    assert_eq!(stats.errors(10).await, []);
    let events = (0..)
        .zip(EventType::ALL)
        .map(|(number, kind)| event(number, kind));
    stats.apply(events.collect()).await;
    assert_eq!(stats.errors(10).await, []);
}

/// Those that go on now are on top, and a page is as long as one asks for.
pub async fn groups_with_the_latest_error_come_first(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let mut events: Vec<_> = (0..30)
        .map(|cause| error(cause, cause, (cause * 7 % 30).cast_signed()))
        .collect();
    events.push(error(50, 3, 100));
    Dice::new(3).shuffle(&mut events);
    stats.apply(events).await;
    let groups = stats.errors(100).await;
    assert_eq!((groups.len(), groups[0].failure.clone()), (30, failure(3)));
    assert!(groups.is_sorted_by(|newer, older| newer.last_at > older.last_at));
    for limit in [0, 1, 11] {
        assert_eq!(stats.errors(limit).await, groups[..limit], "the first {limit}");
    }
}

/// However the events come together, alone or in one batch.
pub async fn of_errors_at_one_moment_the_greatest_job_is_the_last(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    stats.apply(vec![error(5, 1, 60)]).await;
    stats.apply(vec![error(9, 1, 60)]).await;
    stats
        .apply(vec![error(7, 1, 60), error(3, 1, 60), error(200, 1, 59)])
        .await;
    stats
        .apply(vec![error(1, 2, 60), error(8, 2, 60), error(4, 2, 60)])
        .await;
    let mut last: Vec<_> = stats
        .errors(10)
        .await
        .iter()
        .map(|group| group.last_job)
        .collect();
    last.sort_unstable();
    assert_eq!(last, [job(8), job(9)]);
}

/// A delivery more is no error more.
pub async fn an_error_is_grouped_once(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let events: Vec<_> = (0..10).map(|number| error(number, number % 2, 0)).collect();
    assert_eq!(stats.apply([&events[..], &events[..5]].concat()).await, 10);
    assert_eq!(stats.apply(events.clone()).await, 0);
    assert_eq!(sorted_errors(stats.errors(10).await), expected_errors(&events));
}

/// Every text, every number, every moment to the microsecond.
pub async fn groups_are_kept_as_they_were(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let causes = [0, 1, u64::MAX, u64::MAX / 2, 1 << 63];
    let titles = ["", "a\u{0}b", "\u{1f980} '\"\\ %", "x", "cause"];
    let times = [
        -1,
        0,
        1_760_000_000_123_457,
        -377_705_000_000_000_001,
        253_402_200_000_999_999,
    ];
    let events = (0..).zip(causes).zip(titles).zip(times);
    let events: Vec<_> = events
        .map(|(((number, cause), title), at)| StatEvent {
            at: moment(at),
            failure: Some(Failure {
                fingerprint: Fingerprint(cause),
                title: title.to_owned(),
            }),
            ..event(number, Failed)
        })
        .collect();
    stats.apply(events.clone()).await;
    assert_eq!(sorted_errors(stats.errors(10).await), expected_errors(&events));
    let stats = stats.reopen(harness).await;
    assert_eq!(sorted_errors(stats.errors(10).await), expected_errors(&events));
}

/// The same set in any order, in batches of any size, with a crash in between and some of it twice: the same groups.
pub async fn any_order_and_any_batches_give_the_same_groups(harness: &StatsHarness) {
    let mut dice = Dice::new(11);
    let all: Vec<_> = (0..400)
        .map(|number| error(number, dice.below(40), dice.below(300).cast_signed()))
        .collect();
    let mut stats = Stats::fresh(harness).await;
    let mut shuffled = [&all[..], &all[..150]].concat();
    dice.shuffle(&mut shuffled);
    let mut rest = &shuffled[..];
    while !rest.is_empty() {
        let (batch, tail) = rest.split_at((1 + dice.index(60)).min(rest.len()));
        stats.apply(batch.to_vec()).await;
        rest = tail;
        if dice.one_in(5) {
            stats = stats.reopen(harness).await;
        }
    }
    let groups = stats.errors(100).await;
    assert_eq!(sorted_errors(groups.clone()), expected_errors(&all));
    dice.shuffle(&mut shuffled);
    assert_eq!(stats.apply(shuffled).await, 0);
    assert_eq!(stats.errors(100).await, groups, "in the same order, too");
}

/// Who invents causes fills no disk. What is grouped goes on, and what is not is counted all the same.
pub async fn the_number_of_groups_is_bounded(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let bound = MAX_ERROR_GROUPS as u64;
    let events: Vec<_> = (0..bound + 300).map(|cause| error(cause, cause, 0)).collect();
    for batch in events.chunks(160) {
        stats.apply(batch.to_vec()).await;
    }
    let groups = stats.errors(2 * MAX_ERROR_GROUPS).await;
    assert_eq!(groups.len(), MAX_ERROR_GROUPS);
    assert_eq!(stats.snapshot().await.count(Failed), bound + 300);
    let kept = groups[0].failure.clone();
    let mut again = error(5_000, 0, 90);
    again.failure = Some(kept.clone());
    stats.apply(vec![error(5_001, 9_999, 90), again]).await;
    let top = stats.errors(1).await;
    assert_eq!((top[0].failure.clone(), top[0].count), (kept, 2));
    stats.prune(second(MINUTE + 60)).await;
    assert_eq!(stats.errors(10).await.len(), 1, "the others are old");
    stats.apply(vec![error(5_002, 9_999, 90)]).await;
    assert_eq!(stats.errors(10).await.len(), 2, "retention has made room");
}

/// By the latest error: a group that goes on is whole, however long ago it began.
pub async fn groups_that_did_not_come_again_are_pruned(harness: &StatsHarness) {
    let stats = Stats::fresh(harness).await;
    let old: Vec<_> = (0..120).map(|number| error(number, number, 0)).collect();
    let living: Vec<_> = (200..210)
        .map(|number| error(number, 1_000, number.cast_signed()))
        .collect();
    stats.apply([&old[..], &living[..]].concat()).await;
    let before = stats.snapshot().await;
    stats.prune(second(MINUTE)).await;
    assert_eq!(stats.errors(500).await.len(), 121, "nothing was before that");
    stats.prune(second(MINUTE + 205)).await;
    assert_eq!(stats.errors(500).await, expected_errors(&living));
    assert_eq!(stats.snapshot().await, before);
    stats.prune(hours_from_now(1)).await;
    assert_eq!(stats.errors(500).await, []);
    stats.apply(mixed(100)).await;
    assert!(!stats.errors(500).await.is_empty());
}
