//! The exchange, the queues and their promises.
//!
//! Arguments are part of a queue: a broker refuses to redeclare one with others, so these are constants. A policy may
//! tighten the bounds.

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable};
use lapin::{Channel, ExchangeKind};
use ports::{Queue, routing};

/// The topic exchange to which everything is published.
pub const EXCHANGE: &str = "observatory";

/// How often the broker itself hands a message out before it makes a dead letter of it. Every consumer that goes away
/// counts, also for messages that only waited in its prefetch, so this is far above what restarts amount to. Refusals
/// are bounded by [`ports::DELIVERY_LIMIT`].
pub const BROKER_DELIVERY_LIMIT: i64 = 1_000;

/// How long a consumer may hold a message: above the longest time-out of a job, which is a day.
pub const CONSUMER_TIMEOUT_MS: i64 = 25 * 60 * 60 * 1_000;

/// Bytes that may wait in a queue of work or in the ledger. Beyond them the broker refuses what adds work, while the
/// events of workers, which only go to [`Queue::Events`], are still taken: so the backlog shrinks.
pub const MAX_WORK_BYTES: i64 = 2 << 30;

/// Bytes that may wait for the metrics engine, and as dead letters. Beyond them the oldest go: events are backfilled
/// from the job store.
pub const MAX_DERIVED_BYTES: i64 = 1 << 30;

/// Declares everything; what is there already stays.
pub(crate) async fn declare(channel: &Channel) -> lapin::Result<()> {
    let durable = ExchangeDeclareOptions {
        durable: true,
        ..ExchangeDeclareOptions::default()
    };
    channel
        .exchange_declare(
            EXCHANGE.into(),
            ExchangeKind::Topic,
            durable,
            FieldTable::default(),
        )
        .await?;
    for queue in Queue::ALL {
        declare_queue(channel, queue).await?;
    }
    Ok(())
}

async fn declare_queue(channel: &Channel, queue: Queue) -> lapin::Result<()> {
    let name = queue.name();
    channel
        .queue_declare(name.into(), QueueDeclareOptions::durable(), arguments(queue))
        .await?;
    for pattern in queue.bindings() {
        channel
            .queue_bind(
                name.into(),
                EXCHANGE.into(),
                (*pattern).into(),
                QueueBindOptions::default(),
                FieldTable::default(),
            )
            .await?;
    }
    Ok(())
}

/// How many messages of a queue wait on the broker.
pub(crate) async fn count(channel: &Channel, queue: Queue) -> lapin::Result<u64> {
    let passive = QueueDeclareOptions {
        passive: true,
        ..QueueDeclareOptions::default()
    };
    let found = channel
        .queue_declare(queue.name().into(), passive, FieldTable::default())
        .await?;
    Ok(found.message_count().into())
}

/// Whether a full queue lets its oldest messages go, rather than refusing new ones.
fn is_derived(queue: Queue) -> bool {
    matches!(queue, Queue::Events | Queue::DeadLetters)
}

fn arguments(queue: Queue) -> FieldTable {
    let mut table = FieldTable::default();
    let mut text = |key: &str, value: &str| {
        table.insert(key.into(), AMQPValue::LongString(value.into()));
    };
    text("x-queue-type", "quorum");
    if is_derived(queue) {
        text("x-overflow", "drop-head");
    } else {
        text("x-overflow", "reject-publish");
        text("x-dead-letter-exchange", EXCHANGE);
        text("x-dead-letter-routing-key", routing::DEAD_LETTER);
        text("x-dead-letter-strategy", "at-least-once");
    }
    let bytes = if is_derived(queue) {
        MAX_DERIVED_BYTES
    } else {
        MAX_WORK_BYTES
    };
    let numbers = [
        ("x-delivery-limit", BROKER_DELIVERY_LIMIT),
        ("x-consumer-timeout", CONSUMER_TIMEOUT_MS),
        ("x-max-length-bytes", bytes),
    ];
    for (key, number) in numbers {
        table.insert(key.into(), AMQPValue::LongLongInt(number));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(queue: Queue, key: &str) -> Option<String> {
        match arguments(queue).inner().get(key) {
            Some(AMQPValue::LongString(text)) => Some(text.to_string()),
            _ => None,
        }
    }

    #[test]
    fn work_is_refused_rather_than_dropped_and_dies_at_least_once() {
        for queue in [Queue::Work, Queue::WorkHigh, Queue::WorkLow, Queue::Ledger] {
            assert_eq!(text(queue, "x-overflow").as_deref(), Some("reject-publish"));
            assert_eq!(
                text(queue, "x-dead-letter-strategy").as_deref(),
                Some("at-least-once")
            );
        }
    }

    #[test]
    fn what_a_derived_queue_drops_becomes_no_dead_letter() {
        for queue in [Queue::Events, Queue::DeadLetters] {
            assert_eq!(text(queue, "x-overflow").as_deref(), Some("drop-head"));
            assert_eq!(text(queue, "x-dead-letter-exchange"), None);
        }
    }
}
