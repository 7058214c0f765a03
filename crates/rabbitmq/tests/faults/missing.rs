//! Somebody took a queue away.

use ports::{BusError, EventBus, Queue};
use testkit::servers::RabbitMqServer;
use testkit::wait_for;

use crate::support::{HEALED, failure, message, open, published};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_queue_that_was_deleted_is_missed_and_declared_again() {
    let broker = RabbitMqServer::start().await;
    let bus = open(&broker.default_url());
    published(&bus, "dispatch", 0).await;
    let subscription = bus.subscribe(Queue::Work, 10).await.unwrap();
    subscription.next(1).await.unwrap();
    broker
        .server()
        .exec(&["rabbitmqctl", "delete_queue", Queue::Work.name()])
        .await;

    let ended = tokio::time::timeout(HEALED, subscription.next(1)).await;
    assert!(matches!(ended, Ok(Err(BusError::Closed(_)))), "{ended:?}");
    let (_, error) = failure(bus.publish(message("dispatch", 1))).await;
    assert!(error.to_string().contains("missing"), "{error}");
    published(&bus, "dispatch", 2).await;
    let subscription = wait_for(HEALED, "a subscription", || bus.subscribe(Queue::Work, 10)).await;
    let batch = tokio::time::timeout(HEALED, subscription.next(1)).await;
    assert_eq!(
        &batch.expect("deliveries go on").unwrap()[0].message.body[..],
        b"2"
    );
}
