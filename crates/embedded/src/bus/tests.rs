use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::SystemClock;
use ports::{
    BusError, Delivery, EventBus, Headers, Message, Queue, QueueDepth, Settle, Subscription, routing,
};
use rusqlite::Connection;

use crate::{Database, OpenOptions};

mod backlog;
mod disk;
mod priorities;
mod restart;

const CREATED: &str = "job.created";
const DONE: &str = "job.completed";

fn options() -> OpenOptions {
    OpenOptions::new(Arc::new(SystemClock))
}

fn open(directory: &Path) -> (Database, Arc<dyn EventBus>) {
    let database = Database::open(directory, options()).unwrap();
    let bus = database.bus();
    (database, bus)
}

/// A message of `size` bytes that begins with its number.
fn message(key: &'static str, number: u64, size: usize) -> Message {
    let mut body = number.to_be_bytes().to_vec();
    body.resize(size.max(8), b' ');
    Message {
        routing_key: key.into(),
        headers: Headers::default(),
        body: Bytes::from(body),
    }
}

fn number(delivery: &Delivery) -> u64 {
    u64::from_be_bytes(delivery.message.body[..8].try_into().unwrap())
}

fn numbers(deliveries: &[Delivery]) -> Vec<u64> {
    deliveries.iter().map(number).collect()
}

async fn publish(bus: &Arc<dyn EventBus>, key: &'static str, numbers: std::ops::Range<u64>) {
    let messages = numbers.map(|number| message(key, number, 8));
    bus.publish(ports::parcels(messages)).await.unwrap();
}

/// Exactly `count` deliveries.
async fn take(subscription: &Arc<dyn Subscription>, count: usize) -> Vec<Delivery> {
    let mut taken = Vec::new();
    while taken.len() < count {
        let next = tokio::time::timeout(Duration::from_secs(30), subscription.next(count - taken.len()));
        taken.extend(next.await.expect("messages come").unwrap());
    }
    taken
}

async fn ack(subscription: &Arc<dyn Subscription>, deliveries: &[Delivery]) {
    let acks = deliveries.iter().map(|delivery| (delivery.tag, Settle::Ack));
    subscription.settle(acks.collect()).await.unwrap();
}

/// Takes and acknowledges `count` messages.
async fn drain(bus: &Arc<dyn EventBus>, queue: Queue, count: usize) -> Vec<Delivery> {
    let subscription = bus.subscribe(queue, 100).await.unwrap();
    let mut all = Vec::new();
    while all.len() < count {
        let deliveries = take(&subscription, (count - all.len()).min(100)).await;
        ack(&subscription, &deliveries).await;
        all.extend(deliveries);
    }
    all
}

async fn depth(bus: &Arc<dyn EventBus>, queue: Queue) -> QueueDepth {
    let depths = bus.depths().await.unwrap();
    depths.into_iter().find(|depth| depth.queue == queue).unwrap()
}

/// Waits until `found` says so.
async fn until(what: &str, mut found: impl FnMut() -> bool) {
    let end = tokio::time::Instant::now() + Duration::from_secs(30);
    while !found() {
        assert!(tokio::time::Instant::now() < end, "{what} did not come true");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Waits until every acknowledgement is saved.
async fn saved(bus: &Arc<dyn EventBus>, queue: Queue, unacknowledged: u64) {
    let end = tokio::time::Instant::now() + Duration::from_secs(30);
    while depth(bus, queue).await.unacknowledged != unacknowledged {
        assert!(
            tokio::time::Instant::now() < end,
            "acknowledgements are not saved"
        );
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn file(directory: &Path) -> Connection {
    Connection::open(directory.join("observatory.sqlite")).unwrap()
}

fn log_bytes(directory: &Path) -> i64 {
    let sql = "SELECT coalesce(sum(length(body)), 0) FROM bus_log";
    file(directory).query_row(sql, [], |row| row.get(0)).unwrap()
}

fn blocks(directory: &Path) -> i64 {
    file(directory)
        .query_row("SELECT count(*) FROM bus_log", [], |row| row.get(0))
        .unwrap()
}
