//! The broker keeps its connections and answers nothing.

use ports::{EventBus, Queue};
use testkit::servers::RabbitMqServer;
use testkit::wait_for;

use crate::support::{HEALED, LIMIT, SLACK, failure, message, open, published};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_outlives_its_limit_while_the_broker_is_frozen_and_all_work_after() {
    let broker = RabbitMqServer::start().await;
    let bus = open(&broker.fresh_url().await);
    published(&bus, "dispatch", 0).await;
    bus.depths().await.unwrap();
    broker.server().pause().await;

    for _ in 0..2 {
        let (took, error) = failure(bus.publish(message("dispatch", 1))).await;
        assert!(took < LIMIT + SLACK, "publishing took {took:?}: {error}");
    }
    let (took, error) = failure(bus.ping(LIMIT)).await;
    assert!(took < LIMIT + SLACK, "pinging took {took:?}: {error}");
    let (took, error) = failure(bus.depths()).await;
    assert!(took < LIMIT * 2 + SLACK, "counting took {took:?}: {error}");
    let subscribing = async { bus.subscribe(Queue::Work, 1).await };
    let (took, error) = failure(subscribing).await;
    assert!(took < LIMIT * 2 + SLACK, "subscribing took {took:?}: {error}");

    broker.server().unpause().await;
    published(&bus, "dispatch", 2).await;
    wait_for(HEALED, "depths", || bus.depths()).await;
    let subscription = wait_for(HEALED, "a subscription", || bus.subscribe(Queue::Work, 10)).await;
    let batch = tokio::time::timeout(HEALED, subscription.next(1)).await;
    assert_eq!(batch.expect("deliveries go on").unwrap().len(), 1);
}
