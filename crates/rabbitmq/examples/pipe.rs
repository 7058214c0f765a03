//! How many messages a second go through a broker: `cargo run --release --example pipe -- amqp://... [COUNT]`.
//!
//! Confirmed publications of one message each by many publishers at once, consumed and acknowledged in batches
//! meanwhile. Every message goes to the work queue, the ledger and the events, as a submitted job does.

use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use domain::SystemClock;
use ports::{BusError, EventBus, Headers, Message, Queue, Settle, parcels};
use rabbitmq_adapter::{Options, RabbitMq};

/// Publishers that wait for their confirms at the same time.
const PUBLISHERS: u64 = 256;
const BODY: usize = 600;

async fn publish(bus: Arc<RabbitMq>, count: u64) -> Result<(), BusError> {
    for _ in 0..count {
        let message = Message {
            routing_key: "job.created".into(),
            headers: Headers::default(),
            body: Bytes::from(vec![b' '; BODY]),
        };
        bus.publish(parcels([message])).await?;
    }
    Ok(())
}

async fn consume(bus: Arc<RabbitMq>, queue: Queue, count: u64) -> Result<(), BusError> {
    let subscription = bus.subscribe(queue, 1000).await?;
    let mut seen = 0;
    while seen < count {
        let batch = subscription.next(200).await?;
        seen += batch.len() as u64;
        let done = batch.iter().map(|delivery| (delivery.tag, Settle::Ack));
        subscription.settle(done.collect()).await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().ok_or("which broker?")?;
    let count: u64 = arguments.next().map_or(Ok(100_000), |text| text.parse())?;
    let bus = RabbitMq::open(&url, Options::new(Arc::new(SystemClock)))?;
    let since = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..PUBLISHERS {
        running.spawn(publish(Arc::clone(&bus), count / PUBLISHERS));
    }
    let sum = count / PUBLISHERS * PUBLISHERS;
    for queue in [Queue::Work, Queue::Ledger, Queue::Events] {
        running.spawn(consume(Arc::clone(&bus), queue, sum));
    }
    while let Some(ended) = running.join_next().await {
        ended??;
    }
    let rate = u32::try_from(sum).map(f64::from)? / since.elapsed().as_secs_f64();
    #[expect(clippy::print_stdout, reason = "the result of a measurement")]
    {
        println!("{rate:.0} messages a second published, confirmed and consumed from three queues");
    }
    Ok(())
}
