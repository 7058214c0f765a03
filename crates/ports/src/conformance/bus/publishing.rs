//! What a publication promises.

use std::time::Duration;

use bytes::Bytes;
use contracts::{EventType, Priority};
use uuid::Uuid;

use super::support::{
    BusHarness, CREATED, ack, depth, empty, message, messages, numbers, publish, subscribe, take,
};
use crate::conformance::wait::within;
use crate::{Headers, Message, Queue, routing};

fn every_key() -> Vec<&'static str> {
    let mut keys: Vec<_> = EventType::ALL.iter().map(|kind| kind.as_str()).collect();
    keys.extend(Priority::ALL.map(routing::dispatch));
    keys.extend([Priority::High, Priority::Low].map(routing::created));
    keys.push(routing::DEAD_LETTER);
    keys
}

/// Every key goes where [`Queue::bindings`] says, and nowhere else.
pub async fn a_message_reaches_the_queues_that_are_bound_to_its_key(harness: &BusHarness) {
    let bus = harness.fresh().await;
    let keys = every_key();
    publish(
        &bus,
        (0..)
            .zip(&keys)
            .map(|(number, key)| message(key, number))
            .collect(),
    )
    .await;
    for queue in Queue::ALL {
        let bound: Vec<u64> = (0..)
            .zip(&keys)
            .filter(|(_, key)| queue.accepts(key))
            .map(|(at, _)| at)
            .collect();
        let subscription = subscribe(&bus, queue, keys.len()).await;
        let deliveries = take(&subscription, bound.len()).await;
        assert_eq!(numbers(&deliveries), bound, "in {}", queue.name());
        for delivery in &deliveries {
            assert!(
                queue.accepts(&delivery.message.routing_key),
                "the routing key was changed"
            );
        }
        ack(&subscription, &deliveries).await;
        empty(&bus, queue).await;
    }
}

/// Headers, present and absent, and the body are the published ones.
pub async fn body_and_headers_arrive_as_they_were(harness: &BusHarness) {
    let bus = harness.fresh().await;
    let full = Headers {
        correlation_id: Some(Uuid::from_u128(77)),
        traceparent: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        attempt: Some(3),
    };
    let body = Bytes::from_static("{\"text\":\"\\u0000 \u{1f980} \\\" \u{e9}\"}".as_bytes());
    let sent = [Headers::default(), full].map(|headers| Message {
        routing_key: routing::DISPATCH.into(),
        headers,
        body: body.clone(),
    });
    publish(&bus, sent.to_vec()).await;
    let subscription = subscribe(&bus, Queue::Work, 2).await;
    for (delivery, sent) in take(&subscription, 2).await.iter().zip(&sent) {
        assert_eq!(**delivery.message, *sent);
        assert!(!delivery.redelivered, "a first delivery is no redelivery");
    }
}

/// Large bodies are nothing special.
pub async fn a_body_of_one_mebibyte_arrives_whole(harness: &BusHarness) {
    arrives_whole(harness, Bytes::from(big_text(1 << 20))).await;
}

/// The bus does not look into a body.
pub async fn bytes_that_are_no_text_arrive_whole(harness: &BusHarness) {
    arrives_whole(
        harness,
        Bytes::from((0..=u8::MAX).cycle().take(1000).collect::<Vec<_>>()),
    )
    .await;
}

/// JSON text of about `size` bytes that does not repeat itself soon.
pub(super) fn big_text(size: usize) -> String {
    let filling: String = (0_u64..)
        .flat_map(|n| n.to_string().chars().collect::<Vec<_>>())
        .take(size)
        .collect();
    format!("{{\"number\":0,\"filling\":\"{filling}\"}}")
}

async fn arrives_whole(harness: &BusHarness, body: Bytes) {
    let bus = harness.fresh().await;
    publish(
        &bus,
        vec![
            Message {
                body: body.clone(),
                ..message(CREATED, 0)
            },
            message(CREATED, 1),
        ],
    )
    .await;
    for queue in [Queue::Work, Queue::Ledger, Queue::Events] {
        let subscription = subscribe(&bus, queue, 10).await;
        let deliveries = take(&subscription, 2).await;
        assert!(
            deliveries[0].message.body == body,
            "the body was changed in {}",
            queue.name()
        );
        ack(&subscription, &deliveries).await;
    }
}

/// An empty publication succeeds and changes nothing.
pub async fn publishing_nothing_is_no_error(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, Vec::new()).await;
    for queue in Queue::ALL {
        empty(&bus, queue).await;
    }
}

/// A healthy bus says so.
pub async fn a_ping_answers_within_its_limit(harness: &BusHarness) {
    let bus = harness.fresh().await;
    within("pinging", bus.ping(Duration::from_secs(20))).await;
    publish(&bus, vec![message(CREATED, 1)]).await;
    within("pinging", bus.ping(Duration::from_secs(20))).await;
    depth(&bus, Queue::Work, 1, 0).await;
}

/// Every queue is counted once, and every message as ready or as out.
pub async fn depths_tell_ready_from_unacknowledged(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(CREATED, 0..5)).await;
    for (queue, ready) in [
        (Queue::Work, 5),
        (Queue::WorkHigh, 0),
        (Queue::WorkLow, 0),
        (Queue::Ledger, 5),
        (Queue::Events, 5),
        (Queue::DeadLetters, 0),
    ] {
        depth(&bus, queue, ready, 0).await;
    }
    let subscription = subscribe(&bus, Queue::Work, 3).await;
    let held = take(&subscription, 3).await;
    depth(&bus, Queue::Work, 2, 3).await;
    drop(subscription);
    depth(&bus, Queue::Work, 5, 0).await;
    let subscription = subscribe(&bus, Queue::Work, 5).await;
    let again = take(&subscription, 5).await;
    ack(&subscription, &again[..4]).await;
    depth(&bus, Queue::Work, 0, 1).await;
    depth(&bus, Queue::Ledger, 5, 0).await;
    assert_eq!(held.len(), 3);
}
