//! Acknowledging, giving back, giving up.

use std::pin::pin;
use std::sync::Arc;

use contracts::DeadLetter;
use uuid::Uuid;

use super::support::{
    BusHarness, CREATED, ack, empty, message, messages, numbers, publish, requeue, sorted, subscribe, take,
};
use crate::conformance::wait::within;
use crate::{DELIVERY_LIMIT, Delivery, EventBus, Queue, Settle};

/// Not even when its neighbours do.
pub async fn an_acknowledged_message_never_comes_back(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..6)).await;
    let subscription = subscribe(&bus, Queue::Work, 6).await;
    let held = take(&subscription, 6).await;
    let (kept, done): (Vec<_>, Vec<_>) = held.into_iter().partition(|delivery| delivery.tag.0 % 2 == 0);
    ack(&subscription, &done).await;
    drop(subscription);
    let subscription = subscribe(&bus, Queue::Work, 6).await;
    let again = take(&subscription, kept.len()).await;
    assert_eq!(sorted(&again), sorted(&kept));
    ack(&subscription, &again).await;
    empty(&bus, Queue::Work).await;
}

/// A consumer that goes away leaves nothing behind.
pub async fn what_a_dropped_subscription_held_is_delivered_again(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..8)).await;
    let first = subscribe(&bus, Queue::Work, 8).await;
    let held = take(&first, 8).await;
    assert!(
        held.iter().all(|delivery| !delivery.redelivered),
        "a first delivery is no redelivery"
    );
    drop(first);
    let second = subscribe(&bus, Queue::Work, 8).await;
    let again = take(&second, 8).await;
    assert_eq!(sorted(&again), (0..8).collect::<Vec<_>>());
    assert!(
        again.iter().all(|delivery| delivery.redelivered),
        "a second delivery says so"
    );
    ack(&second, &again).await;
    empty(&bus, Queue::Work).await;
}

/// To the same consumer or another, marked, body unchanged.
pub async fn a_requeued_message_comes_back(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..3)).await;
    let subscription = subscribe(&bus, Queue::Work, 3).await;
    let held = take(&subscription, 3).await;
    let settlements = vec![
        (held[0].tag, Settle::Ack),
        (held[1].tag, Settle::Requeue),
        (held[2].tag, Settle::Ack),
    ];
    within("settling", subscription.settle(settlements)).await;
    let again = take(&subscription, 1).await;
    assert_eq!(**again[0].message, **held[1].message);
    assert!(again[0].redelivered, "a second delivery says so");
    ack(&subscription, &again).await;
    empty(&bus, Queue::Work).await;
}

/// A consumer that keeps refusing gets a message [`DELIVERY_LIMIT`] times again; then it is a dead letter.
pub async fn a_message_that_came_back_too_often_is_a_dead_letter(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, vec![message(CREATED, 41)]).await;
    let (times, letter) = refuse_until_dead(&bus).await;
    assert_eq!(
        times,
        DELIVERY_LIMIT + 1,
        "deliveries before the message was given up"
    );
    let parsed: DeadLetter = match serde_json::from_slice(&letter.message.body) {
        Ok(parsed) => parsed,
        Err(error) => panic!("the dead letter does not read as one: {error}"),
    };
    assert_eq!(parsed.original_event, serde_json::json!({ "number": 41 }));
    assert!(!parsed.validation_error.is_empty() && !parsed.service.is_empty());
    let correlation = parsed.correlation_id.and_then(|text| Uuid::parse_str(&text).ok());
    assert_eq!(correlation, message(CREATED, 41).headers.correlation_id);
    empty(&bus, Queue::Work).await;
}

/// Requeues whatever is in the work queue until something is in the dead letters. Says how many deliveries
/// that took.
async fn refuse_until_dead(bus: &Arc<dyn EventBus>) -> (u32, Delivery) {
    let work = subscribe(bus, Queue::Work, 1).await;
    let letters = subscribe(bus, Queue::DeadLetters, 1).await;
    let mut dead = pin!(within("the dead letter", letters.next(1)));
    let mut times = 0;
    let letter = loop {
        tokio::select! {
            batch = within("the refused message", work.next(1)) => {
                times += 1;
                assert!(times <= DELIVERY_LIMIT + 1, "the message was delivered {times} times");
                requeue(&work, &batch).await;
            }
            batch = &mut dead => break batch[0].clone(),
        }
    };
    ack(&letters, std::slice::from_ref(&letter)).await;
    (times, letter)
}

/// The message behind a dead one is still there, and so are the dead one's copies in other queues.
pub async fn a_dead_letter_leaves_its_neighbours_in_place(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, vec![message(CREATED, 0)]).await;
    refuse_until_dead(&bus).await;
    empty(&bus, Queue::DeadLetters).await;
    publish(&bus, vec![message(CREATED, 1)]).await;
    for (queue, left) in [
        (Queue::Work, vec![1]),
        (Queue::Ledger, vec![0, 1]),
        (Queue::Events, vec![0, 1]),
    ] {
        let subscription = subscribe(&bus, queue, 5).await;
        let deliveries = take(&subscription, left.len()).await;
        assert_eq!(numbers(&deliveries), left, "in {}", queue.name());
        ack(&subscription, &deliveries).await;
        empty(&bus, queue).await;
    }
}

/// An empty settlement succeeds and changes nothing.
pub async fn settling_nothing_is_no_error(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..2)).await;
    let subscription = subscribe(&bus, Queue::Work, 5).await;
    within("settling", subscription.settle(Vec::new())).await;
    let held = take(&subscription, 2).await;
    within("settling", subscription.settle(Vec::new())).await;
    ack(&subscription, &held).await;
    empty(&bus, Queue::Work).await;
}
