//! What survives a crash.

use bytes::Bytes;

use super::publishing::big_text;
use super::support::{
    BusHarness, CREATED, ack, depth, empty, message, messages, number, numbers, publish, requeue, sorted,
    subscribe, take,
};
use crate::{Message, Queue, routing};

/// A publication that was confirmed is durable, in its order, in every queue.
pub async fn published_messages_survive_a_crash(harness: &BusHarness) {
    let bus = harness.fresh().await;
    for start in (0..300).step_by(30) {
        publish(&bus, messages(CREATED, start..start + 30)).await;
    }
    drop(bus);
    let bus = harness.reopen().await;
    for queue in [Queue::Work, Queue::Ledger, Queue::Events] {
        depth(&bus, queue, 300, 0).await;
        let subscription = subscribe(&bus, queue, 300).await;
        let deliveries = take(&subscription, 300).await;
        assert_eq!(
            numbers(&deliveries),
            (0..300).collect::<Vec<_>>(),
            "in {}",
            queue.name()
        );
    }
}

/// What a consumer held when everything died comes back, marked.
pub async fn unsettled_messages_are_delivered_again_after_a_crash(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..10)).await;
    let subscription = subscribe(&bus, Queue::Work, 4).await;
    let held = take(&subscription, 4).await;
    drop((subscription, bus));
    let bus = harness.reopen().await;
    let subscription = subscribe(&bus, Queue::Work, 10).await;
    let again = take(&subscription, 10).await;
    assert_eq!(sorted(&again), (0..10).collect::<Vec<_>>());
    for delivery in again
        .iter()
        .filter(|delivery| numbers(&held).contains(&numbers(&[(*delivery).clone()])[0]))
    {
        assert!(delivery.redelivered, "a second delivery says so");
    }
    ack(&subscription, &again).await;
    empty(&bus, Queue::Work).await;
}

/// An acknowledgement is durable once the queue's depth shows it; until then it may be repeated, never lost.
pub async fn acknowledged_messages_stay_gone_after_a_crash(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..10)).await;
    let subscription = subscribe(&bus, Queue::Work, 10).await;
    let held = take(&subscription, 10).await;
    let (done, open): (Vec<_>, Vec<_>) = held.into_iter().partition(|delivery| delivery.tag.0 % 3 != 0);
    ack(&subscription, &done).await;
    depth(&bus, Queue::Work, 0, open.len() as u64).await;
    drop((subscription, bus));
    let bus = harness.reopen().await;
    let subscription = subscribe(&bus, Queue::Work, 10).await;
    let again = take(&subscription, open.len()).await;
    assert_eq!(sorted(&again), sorted(&open));
    ack(&subscription, &again).await;
    empty(&bus, Queue::Work).await;
    drop((subscription, bus));
    let bus = harness.reopen().await;
    empty(&bus, Queue::Work).await;
}

/// Giving a message back does not make it mortal.
pub async fn requeued_messages_survive_a_crash(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..4)).await;
    let subscription = subscribe(&bus, Queue::Work, 4).await;
    let held = take(&subscription, 4).await;
    requeue(&subscription, &held[..2]).await;
    ack(&subscription, &held[2..]).await;
    let held = take(&subscription, 2).await;
    depth(&bus, Queue::Work, 0, 2).await;
    drop((subscription, bus));
    let bus = harness.reopen().await;
    let subscription = subscribe(&bus, Queue::Work, 4).await;
    let again = take(&subscription, 2).await;
    assert_eq!(sorted(&again), sorted(&held));
    assert!(
        again.iter().all(|delivery| delivery.redelivered),
        "a third delivery says so"
    );
    ack(&subscription, &again).await;
    empty(&bus, Queue::Work).await;
}

/// The queues may share a stored body, but not its life.
pub async fn one_queues_acknowledgement_costs_the_others_nothing(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..20)).await;
    let work = subscribe(&bus, Queue::Work, 20).await;
    ack(&work, &take(&work, 20).await).await;
    empty(&bus, Queue::Work).await;
    let ledger = subscribe(&bus, Queue::Ledger, 10).await;
    ack(&ledger, &take(&ledger, 10).await).await;
    depth(&bus, Queue::Ledger, 10, 0).await;
    drop((work, ledger, bus));
    let bus = harness.reopen().await;
    empty(&bus, Queue::Work).await;
    for (queue, left) in [(Queue::Ledger, 10..20), (Queue::Events, 0..20)] {
        let subscription = subscribe(&bus, queue, 20).await;
        let deliveries = take(&subscription, left.clone().count()).await;
        assert_eq!(
            numbers(&deliveries),
            left.collect::<Vec<u64>>(),
            "in {}",
            queue.name()
        );
    }
}

/// Large bodies are nothing special after a crash, either.
pub async fn a_big_body_survives_a_crash(harness: &BusHarness) {
    let bus = harness.fresh().await;
    let body = Bytes::from(big_text(1 << 20));
    publish(
        &bus,
        vec![Message {
            body: body.clone(),
            ..message(routing::DISPATCH, 0)
        }],
    )
    .await;
    drop(bus);
    let bus = harness.reopen().await;
    let subscription = subscribe(&bus, Queue::Work, 1).await;
    assert!(
        take(&subscription, 1).await[0].message.body == body,
        "the body was changed"
    );
}

/// Dead letters are messages like others.
pub async fn dead_letters_survive_a_crash(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(routing::DEAD_LETTER, 0..5)).await;
    drop(bus);
    let bus = harness.reopen().await;
    let subscription = subscribe(&bus, Queue::DeadLetters, 5).await;
    assert_eq!(numbers(&take(&subscription, 5).await), (0..5).collect::<Vec<_>>());
}

/// New messages neither hide old ones nor are hidden by them, crash after crash.
pub async fn the_bus_goes_on_after_several_crashes(harness: &BusHarness) {
    let mut bus = harness.fresh().await;
    for round in 0..4 {
        publish(&bus, messages(CREATED, round * 10..round * 10 + 10)).await;
        let subscription = subscribe(&bus, Queue::Work, 5).await;
        let deliveries = take(&subscription, 5).await;
        ack(&subscription, &deliveries).await;
        depth(&bus, Queue::Work, (round + 1) * 5, 0).await;
        drop((subscription, bus));
        bus = harness.reopen().await;
    }
    let subscription = subscribe(&bus, Queue::Work, 100).await;
    assert_eq!(
        numbers(&take(&subscription, 20).await),
        (20..40).collect::<Vec<_>>()
    );
    let subscription = subscribe(&bus, Queue::Ledger, 100).await;
    assert_eq!(
        numbers(&take(&subscription, 40).await),
        (0..40).collect::<Vec<_>>()
    );
}

/// Places in the middle of whatever an adapter groups together are kept, for every queue its own.
pub async fn a_half_drained_backlog_goes_on_after_a_crash(harness: &BusHarness) {
    let mut bus = harness.fresh().await;
    for start in (0..3000).step_by(1000) {
        publish(&bus, messages(CREATED, start..start + 1000)).await;
    }
    let mut left: Vec<u64> = (0..3000).collect();
    for step in [7, 500, 901, 1] {
        let subscription = subscribe(&bus, Queue::Work, step + 5).await;
        let held = take(&subscription, step + 5).await;
        assert_eq!(sorted(&held), left[..step + 5], "the oldest come first");
        let done = held
            .iter()
            .filter(|delivery| left[..step].contains(&number(delivery)));
        ack(&subscription, &done.cloned().collect::<Vec<_>>()).await;
        left.drain(..step);
        depth(&bus, Queue::Work, left.len() as u64 - 5, 5).await;
        drop((subscription, bus));
        bus = harness.reopen().await;
        depth(&bus, Queue::Work, left.len() as u64, 0).await;
    }
    let subscription = subscribe(&bus, Queue::Events, 3000).await;
    assert_eq!(
        numbers(&take(&subscription, 3000).await),
        (0..3000).collect::<Vec<_>>()
    );
}
