//! What a consumer can rely on.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::support::{
    BusHarness, CREATED, ack, depth, empty, message, messages, number, numbers, publish, sorted, subscribe,
    take,
};
use crate::conformance::wait::within;
use crate::{BusError, Queue, Subscription, routing};

/// First in, first out, over several publications.
pub async fn messages_come_in_order(harness: &BusHarness) {
    let bus = harness.fresh().await;
    for start in (0..1000).step_by(100) {
        publish(&bus, messages(CREATED, start..start + 100)).await;
    }
    for queue in [Queue::Work, Queue::Ledger, Queue::Events] {
        let subscription = subscribe(&bus, queue, 1000).await;
        let deliveries = take(&subscription, 1000).await;
        assert_eq!(
            numbers(&deliveries),
            (0..1000).collect::<Vec<_>>(),
            "in {}",
            queue.name()
        );
    }
}

/// `max` bounds one call, whatever the prefetch.
pub async fn no_more_than_asked_for_come_at_once(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..20)).await;
    let subscription = subscribe(&bus, Queue::Work, 20).await;
    let mut seen = Vec::new();
    while seen.len() < 20 {
        let batch = within("the next batch", subscription.next(3)).await;
        assert!((1..=3).contains(&batch.len()), "asked for 3, got {}", batch.len());
        seen.extend(numbers(&batch));
    }
    assert_eq!(seen, (0..20).collect::<Vec<_>>());
}

/// A subscription that holds its prefetch gets nothing until it settles; others get the rest.
pub async fn prefetch_bounds_what_is_out(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..10)).await;
    let first = subscribe(&bus, Queue::Work, 3).await;
    let held = take_greedily(&first, 3).await;
    let waiting = tokio::spawn({
        let first = Arc::clone(&first);
        async move { first.next(10).await }
    });
    let second = subscribe(&bus, Queue::Work, 7).await;
    let rest = take(&second, 7).await;
    assert!(
        !waiting.is_finished(),
        "the first consumer got more than its prefetch"
    );
    assert_eq!(
        sorted(&[held.clone(), rest].concat()),
        (0..10).collect::<Vec<_>>()
    );
    ack(&first, &held[..1]).await;
    publish(&bus, vec![message(CREATED, 10)]).await;
    let more = within("the freed place's message", async {
        waiting.await.unwrap_or_else(ended)
    })
    .await;
    assert_eq!(numbers(&more), [10]);
}

fn ended<T>(error: impl std::fmt::Display) -> Result<T, BusError> {
    Err(BusError::Closed(error.to_string()))
}

/// Takes `count` while asking for more.
async fn take_greedily(subscription: &Arc<dyn Subscription>, count: usize) -> Vec<crate::Delivery> {
    let mut held = Vec::new();
    while held.len() < count {
        held.extend(within("a delivery", subscription.next(1000)).await);
    }
    assert_eq!(held.len(), count, "more came than the prefetch allows");
    held
}

/// Waiting ends with the first message, however long after the call.
pub async fn a_waiting_consumer_gets_what_is_published_later(harness: &BusHarness) {
    let bus = harness.fresh().await;
    let subscription = subscribe(&bus, Queue::Events, 10).await;
    for number in 0..20 {
        let waiting = tokio::spawn({
            let subscription = Arc::clone(&subscription);
            async move { subscription.next(10).await }
        });
        tokio::task::yield_now().await;
        publish(&bus, vec![message("job.completed", number)]).await;
        let batch = within("the awaited message", async {
            waiting.await.unwrap_or_else(ended)
        })
        .await;
        assert_eq!(numbers(&batch), [number]);
        ack(&subscription, &batch).await;
    }
    empty(&bus, Queue::Events).await;
}

/// Services wait for a delivery or a signal, whichever comes first: the wait that loses may not swallow a message.
pub async fn a_cancelled_wait_strands_no_message(harness: &BusHarness) {
    let bus = harness.fresh().await;
    let subscription = subscribe(&bus, Queue::Work, 100).await;
    let mut seen = BTreeSet::new();
    for number in 0..100 {
        let wait = timeout(Duration::from_micros(number * 20), subscription.next(10));
        let (waited, ()) = tokio::join!(wait, publish(&bus, vec![message(CREATED, number)]));
        if let Ok(batch) = waited {
            seen.extend(numbers(&within("waiting", async { batch }).await));
        }
    }
    while seen.len() < 100 {
        let what = format!("message {} of 100", seen.len() + 1);
        seen.extend(numbers(&within(&what, subscription.next(10)).await));
    }
    depth(&bus, Queue::Work, 0, 100).await;
}

/// Consumers of one queue share it.
pub async fn competing_consumers_get_each_message_once(harness: &BusHarness) {
    const COUNT: u64 = 2000;
    let bus = harness.fresh().await;
    let (report, mut reports) = mpsc::unbounded_channel();
    let mut consumers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        consumers.spawn(consume(subscribe(&bus, Queue::Work, 32).await, report.clone()));
    }
    for start in (0..COUNT).step_by(100) {
        publish(&bus, messages(CREATED, start..start + 100)).await;
    }
    let mut seen = BTreeSet::new();
    while seen.len() < 2000 {
        let what = format!("message {} of {COUNT}", seen.len() + 1);
        let number = within(&what, async { reports.recv().await.ok_or("all consumers ended") }).await;
        assert!(seen.insert(number), "message {number} came twice");
    }
    empty(&bus, Queue::Work).await;
    assert!(reports.try_recv().is_err(), "a message came twice");
}

/// Reports and acknowledges whatever comes, for ever.
async fn consume(subscription: Arc<dyn Subscription>, report: mpsc::UnboundedSender<u64>) {
    while let Ok(batch) = subscription.next(16).await {
        for delivery in &batch {
            let _gone = report.send(number(delivery));
        }
        ack(&subscription, &batch).await;
    }
}

/// Each bound queue has a message of its own.
pub async fn a_consumer_of_one_queue_leaves_the_others_alone(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..50)).await;
    publish(&bus, messages(routing::DISPATCH, 50..60)).await;
    let work = subscribe(&bus, Queue::Work, 100).await;
    ack(&work, &take(&work, 60).await).await;
    empty(&bus, Queue::Work).await;
    for queue in [Queue::Ledger, Queue::Events] {
        let subscription = subscribe(&bus, queue, 100).await;
        let deliveries = take(&subscription, 50).await;
        assert_eq!(
            numbers(&deliveries),
            (0..50).collect::<Vec<_>>(),
            "in {}",
            queue.name()
        );
        ack(&subscription, &deliveries).await;
        empty(&bus, queue).await;
    }
}
