//! The broker goes and comes back.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use ports::{EventBus, Queue, Settle};
use rabbitmq_adapter::RabbitMq;
use testkit::servers::RabbitMqServer;
use testkit::{wait_for, wait_until};
use tokio::sync::mpsc;

use crate::support::{HEALED, message, number, open, published};

const KEY: &str = "job.created";

/// Publishes one number after the other, each until it is confirmed; returns how many there were.
async fn publish(bus: Arc<RabbitMq>, stop: Arc<AtomicBool>, confirmed: mpsc::UnboundedSender<u64>) -> u64 {
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        published(&bus, KEY, number).await;
        number += 1;
        let _nobody = confirmed.send(number);
    }
    number
}

/// Consumes for ever, subscribing again whenever a subscription ends.
async fn consume(bus: Arc<RabbitMq>, seen: mpsc::UnboundedSender<u64>) {
    loop {
        let subscribe = || bus.subscribe(Queue::Work, 50);
        let subscription = wait_for(HEALED, "a subscription", subscribe).await;
        while let Ok(batch) = subscription.next(20).await {
            for delivery in &batch {
                let _nobody = seen.send(number(&delivery.message));
            }
            let done = batch.iter().map(|delivery| (delivery.tag, Settle::Ack));
            let _comes_again = subscription.settle(done.collect()).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_confirmed_is_lost_when_the_broker_restarts_or_is_killed() {
    let broker = RabbitMqServer::start().await;
    let url = broker.fresh_url().await;
    let (publisher, consumer) = (open(&url), open(&url));
    let stop = Arc::new(AtomicBool::new(false));
    let (confirmed, mut confirms) = mpsc::unbounded_channel();
    let (see, mut sights) = mpsc::unbounded_channel();
    let publishing = tokio::spawn(publish(publisher, Arc::clone(&stop), confirmed));
    let consuming = tokio::spawn(consume(Arc::clone(&consumer), see));
    for round in ["stop", "kill"] {
        progress(&mut confirms, 100).await;
        match round {
            "stop" => broker.server().stop().await,
            _ => broker.server().kill().await,
        }
        broker.server().start_again().await;
        broker.server().ready().await;
    }
    progress(&mut confirms, 100).await;
    stop.store(true, Ordering::Relaxed);
    let count = publishing.await.unwrap();
    let mut seen = BTreeSet::new();
    wait_until(HEALED, "every confirmed message", || {
        while let Ok(number) = sights.try_recv() {
            seen.insert(number);
        }
        std::future::ready(seen.len() as u64 >= count)
    })
    .await;
    assert_eq!(seen, (0..count).collect());
    wait_until(HEALED, "an empty queue", || async {
        let depths = consumer.depths().await.unwrap_or_default();
        depths
            .iter()
            .any(|depth| depth.queue == Queue::Work && depth.ready + depth.unacknowledged == 0)
    })
    .await;
    consuming.abort();
}

/// Waits for `more` confirms.
async fn progress(confirms: &mut mpsc::UnboundedReceiver<u64>, more: u64) {
    for _ in 0..more {
        let confirm = tokio::time::timeout(HEALED, confirms.recv()).await;
        assert!(
            confirm.is_ok_and(|confirm| confirm.is_some()),
            "publishing stands still"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_may_be_opened_before_its_broker_is_there() {
    let broker = RabbitMqServer::start().await;
    let url = broker.fresh_url().await;
    broker.server().stop().await;
    let bus = open(&url);
    assert!(bus.publish(message(KEY, 1)).await.is_err());
    broker.server().start_again().await;
    published(&bus, KEY, 1).await;
    bus.close().await;
}
