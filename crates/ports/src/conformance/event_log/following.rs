//! Events oldest first, by whoever goes on where it was.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use super::support::{ALL, Log, LogHarness, event, events, hours_from_now, id};
use crate::conformance::wait::within;
use crate::{Cursor, LoggedEvent, StoreError};

fn ids(events: &[LoggedEvent]) -> Vec<Uuid> {
    events.iter().map(|event| event.event_id).collect()
}

/// Somebody who follows a log.
struct Follower {
    log: Log,
    place: Cursor,
    seen: Vec<Uuid>,
}

impl Follower {
    /// From the present end of the log on.
    async fn new(log: &Log) -> Self {
        let end = log.follow(None, 100).await;
        assert_eq!(end.events, [], "the past is not followed");
        Self {
            log: log.clone(),
            place: end.cursor,
            seen: Vec::new(),
        }
    }

    /// The next events, at most `limit`.
    async fn go_on(&mut self, limit: usize) -> Vec<LoggedEvent> {
        let followed = self.log.follow(Some(&self.place), limit).await;
        self.place = followed.cursor;
        self.seen.extend(ids(&followed.events));
        followed.events
    }

    /// Goes on until it has seen `count` events, however long they take.
    async fn see(mut self, count: usize, limit: usize) -> Vec<Uuid> {
        let all = async {
            while self.seen.len() < count {
                if self.go_on(limit).await.is_empty() {
                    sleep(Duration::from_millis(1)).await;
                }
            }
            Ok::<_, StoreError>(())
        };
        within(&format!("{count} events to follow"), all).await;
        assert_eq!(self.go_on(limit).await, [], "and none more");
        self.seen
    }
}

/// Who has no place yet is given one, behind everything, and goes on with what comes then.
pub async fn following_begins_at_the_end_of_the_log(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let mut first = Follower::new(&log).await;
    assert_eq!(first.go_on(10).await, []);
    log.append(events(0..5)).await;
    let mut second = Follower::new(&log).await;
    assert_eq!(second.go_on(10).await, []);
    log.append(events(5..7)).await;
    assert_eq!(first.go_on(10).await, events(0..7));
    assert_eq!(second.go_on(10).await, events(5..7));
}

/// Every limit reads the same, also one that ends amid what was appended together.
pub async fn events_are_followed_oldest_first_and_each_once(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let start = log.follow(None, 10).await.cursor;
    for from in (0..300).step_by(60) {
        log.append(events(from..from + 60)).await;
    }
    log.append(events(20..150)).await;
    let mut expected = ids(&log.read(&ALL, 100).await);
    expected.reverse();
    for limit in [1, 7, 60, 299, 300, 1000] {
        let mut follower = Follower {
            log: log.clone(),
            place: start.clone(),
            seen: Vec::new(),
        };
        while !follower.go_on(limit).await.is_empty() {}
        assert_eq!(follower.seen, expected, "{limit} at a time");
    }
    assert_eq!(log.follow(Some(&start), 0).await.events, []);
}

/// A place stays what it is: a client that lost its connection gives an old one again.
pub async fn an_old_place_gives_the_same_events_again(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let mut follower = Follower::new(&log).await;
    log.append(events(0..20)).await;
    follower.go_on(8).await;
    let place = follower.place.clone();
    let rest = follower.go_on(100).await;
    log.append(events(20..30)).await;
    let again = log.follow(Some(&place), 100).await.events;
    assert_eq!(again[..12], rest[..]);
    assert_eq!(again[12..], events(20..30));
}

/// What is committed after a place was given out never slips in before it.
pub async fn following_while_several_append_sees_everything_once_in_one_order(harness: &LogHarness) {
    const APPENDERS: u64 = 4;
    const EACH: u64 = 400;
    let log = Log::fresh(harness).await;
    let mut followers = JoinSet::new();
    for limit in [3, 50, 1000] {
        let follower = Follower::new(&log).await;
        let total = usize::try_from(APPENDERS * EACH).unwrap_or(0);
        followers.spawn(follower.see(total, limit));
    }
    let mut appenders = JoinSet::new();
    for appender in 0..APPENDERS {
        let log = log.clone();
        appenders.spawn(async move {
            for number in (0..EACH).map(|number| appender * EACH + number) {
                // What the neighbour may have appended already, or not, once more.
                let other = (number + EACH / 2) % (APPENDERS * EACH);
                log.append(vec![event(number), event(other)]).await;
            }
        });
    }
    appenders.join_all().await;
    let mut expected = ids(&log.read(&ALL, 500).await);
    expected.reverse();
    for seen in followers.join_all().await {
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
        assert_eq!(seen, expected);
    }
}

/// The place of a process that died is good in the next one.
pub async fn following_goes_on_after_a_crash(harness: &LogHarness) {
    let mut log = Log::fresh(harness).await;
    let mut place = log.follow(None, 10).await.cursor;
    for round in 0..4 {
        let from = round * 30;
        log.append(events(from..from + 20)).await;
        let before = log.follow(Some(&place), 13).await;
        assert_eq!(before.events, events(from..from + 13));
        log = log.reopen(harness).await;
        log.append(events(from + 20..from + 30)).await;
        let after = log.follow(Some(&before.cursor), 100).await;
        assert_eq!(after.events, events(from + 13..from + 30));
        place = after.cursor;
    }
    log = log.reopen(harness).await;
    assert_eq!(log.follow(Some(&place), 10).await.events, []);
}

/// Who was away for longer than events are kept goes on with the oldest that is there.
pub async fn following_goes_on_with_the_oldest_after_pruning(harness: &LogHarness) {
    let log = Log::fresh(harness).await;
    let mut follower = Follower::new(&log).await;
    log.append(events(0..10)).await;
    for number in 10..20 {
        log.append(vec![event(number)]).await;
    }
    assert_eq!(log.prune(hours_from_now(1), 13).await, 13);
    assert_eq!(ids(&follower.go_on(3).await), [id(13), id(14), id(15)]);
    assert_eq!(log.prune(hours_from_now(1), 100).await, 7);
    assert_eq!(follower.go_on(100).await, [], "everything behind it went");
    let place = follower.place;
    drop(follower.log);
    let log = log.reopen(harness).await;
    let mut late = Follower::new(&log).await;
    log.append(events(20..23)).await;
    assert_eq!(log.follow(Some(&place), 100).await.events, events(20..23));
    assert_eq!(
        late.go_on(100).await,
        events(20..23),
        "the end of an empty log is an end"
    );
}
