//! The broker is there and takes nothing.

use std::time::Duration;

use ports::{BusError, EventBus, Queue, Settle, Subscription};
use testkit::servers::RabbitMqServer;
use testkit::{wait_for, wait_until};

use crate::support::{HEALED, LIMIT, SLACK, failure, message, open, published};

const KEY: &str = "job.created";

async fn memory_limit(broker: &RabbitMqServer, fraction: &str) {
    let command = ["rabbitmqctl", "set_vm_memory_high_watermark", fraction];
    broker.server().exec(&command).await;
}

async fn acknowledge(subscription: &dyn Subscription) {
    let batch = tokio::time::timeout(HEALED, subscription.next(1)).await;
    let batch = batch.expect("deliveries go on").expect("the subscription lives");
    let done = batch.iter().map(|delivery| (delivery.tag, Settle::Ack));
    subscription
        .settle(done.collect())
        .await
        .expect("an acknowledgement leaves");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_memory_alarm_refuses_publications_in_time_lets_consumers_go_on_and_heals() {
    let broker = RabbitMqServer::start().await;
    let bus = open(&broker.fresh_url().await);
    for number in 0..3 {
        published(&bus, KEY, number).await;
    }
    let subscription = bus.subscribe(Queue::Work, 1).await.unwrap();
    memory_limit(&broker, "0.00001").await;

    let (took, error) = failure(bus.publish(message(KEY, 3))).await;
    assert!(took < LIMIT + SLACK, "took {took:?}");
    assert!(
        matches!(error, BusError::Unavailable(_)),
        "nothing is known of it: {error}"
    );
    wait_until(HEALED, "a bus that knows it is blocked", || async {
        matches!(bus.publish(message(KEY, 4)).await, Err(BusError::Full(_)))
    })
    .await;
    let (took, error) = failure(bus.publish(message(KEY, 4))).await;
    assert!(took < Duration::from_secs(1), "took {took:?}");
    assert!(error.to_string().contains("memory"), "{error}");
    assert!(matches!(bus.ping(LIMIT).await, Err(BusError::Full(_))));
    for _ in 0..3 {
        acknowledge(&*subscription).await;
    }

    memory_limit(&broker, "0.6").await;
    published(&bus, KEY, 5).await;
    wait_for(HEALED, "a ping", || bus.ping(LIMIT)).await;
    acknowledge(&*subscription).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_queue_of_work_refuses_jobs_while_events_are_taken() {
    let broker = RabbitMqServer::start().await;
    let bus = open(&broker.default_url());
    published(&bus, KEY, 0).await;
    let policy = ["set_policy", "tight", "^jobs\\.created$", "{\"max-length\":5}"];
    let apply = ["--apply-to", "queues"];
    let command = [&["rabbitmqctl"], &policy[..], &apply[..]].concat();
    broker.server().exec(&command).await;

    wait_until(HEALED, "a refusal", || async {
        let published = bus.publish(message(KEY, 1)).await;
        matches!(published, Err(BusError::Unavailable(reason)) if reason.contains("bound"))
    })
    .await;
    published(&bus, "job.completed", 2).await;

    let subscription = bus.subscribe(Queue::Work, 100).await.unwrap();
    let drain = async {
        loop {
            acknowledge(&*subscription).await;
        }
    };
    tokio::select! {
        () = drain => {}
        () = published(&bus, KEY, 3) => {}
    }
}
