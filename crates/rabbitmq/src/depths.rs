//! How full the queues are.
//!
//! AMQP tells how many messages wait, and to nobody how many are out. So the unacknowledged messages are those that
//! the subscriptions of this process handed out; what they fetched ahead still waits, as far as anybody can tell.

use ports::{BusError, Queue, QueueDepth};

use crate::consumers::Consumers;

/// The depth of every queue.
pub(crate) async fn depths(consumers: &Consumers) -> Result<Vec<QueueDepth>, BusError> {
    let mut depths = Vec::with_capacity(Queue::ALL.len());
    for queue in Queue::ALL {
        let mut ready = consumers.waiting(queue).await?;
        let mut unacknowledged = 0;
        for subscription in consumers.of(queue) {
            let tally = subscription.tally();
            ready += tally.fetched;
            unacknowledged += tally.held;
        }
        depths.push(QueueDepth {
            queue,
            ready,
            unacknowledged,
        });
    }
    Ok(depths)
}
