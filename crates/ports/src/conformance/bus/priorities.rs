//! Work of three priorities, each in a queue of its own.

use contracts::Priority;

use super::support::{BusHarness, ack, depth, empty, message, messages, numbers, publish, subscribe, take};
use crate::{Queue, routing};

/// The work queues, written out: what the names of the keys say, not what the code makes of them.
const WORK: [(Priority, Queue); 3] = [
    (Priority::High, Queue::WorkHigh),
    (Priority::Normal, Queue::Work),
    (Priority::Low, Queue::WorkLow),
];

/// One queue of work, the ledger and the metrics engine: nobody else, and nobody less.
pub async fn a_job_of_each_priority_reaches_its_work_queue_the_ledger_and_the_events(harness: &BusHarness) {
    let bus = harness.fresh().await;
    for (number, (priority, work)) in (0..).zip(WORK) {
        publish(&bus, vec![message(routing::created(priority), number)]).await;
        for queue in Queue::ALL {
            let bound = [work, Queue::Ledger, Queue::Events].contains(&queue);
            depth(&bus, queue, u64::from(bound), 0).await;
            if bound {
                let subscription = subscribe(&bus, queue, 1).await;
                let deliveries = take(&subscription, 1).await;
                assert_eq!(numbers(&deliveries), [number], "in {}", queue.name());
                assert_eq!(deliveries[0].message.routing_key, routing::created(priority));
                ack(&subscription, &deliveries).await;
            }
            empty(&bus, queue).await;
        }
    }
}

/// It is no event, and the job is in the ledger already.
pub async fn a_dispatch_of_each_priority_reaches_its_work_queue_alone(harness: &BusHarness) {
    let bus = harness.fresh().await;
    for (number, (priority, work)) in (0..).zip(WORK) {
        publish(&bus, vec![message(routing::dispatch(priority), number)]).await;
        for queue in Queue::ALL {
            depth(&bus, queue, u64::from(queue == work), 0).await;
        }
        let subscription = subscribe(&bus, work, 1).await;
        let deliveries = take(&subscription, 1).await;
        assert_eq!(numbers(&deliveries), [number], "in {}", work.name());
        assert_eq!(deliveries[0].message.routing_key, routing::dispatch(priority));
        ack(&subscription, &deliveries).await;
        empty(&bus, work).await;
    }
}

/// A queue of a thousand low ones holds up nobody who takes the high ones.
pub async fn work_of_one_priority_is_taken_past_a_backlog_of_another(harness: &BusHarness) {
    let bus = harness.fresh().await;
    publish(&bus, messages(routing::created(Priority::Low), 0..1000)).await;
    publish(&bus, messages(routing::created(Priority::High), 1000..1010)).await;
    publish(&bus, messages(routing::created(Priority::Low), 1010..1020)).await;
    let high = subscribe(&bus, Queue::WorkHigh, 100).await;
    let deliveries = take(&high, 10).await;
    assert_eq!(numbers(&deliveries), (1000..1010).collect::<Vec<_>>());
    ack(&high, &deliveries).await;
    empty(&bus, Queue::WorkHigh).await;
    depth(&bus, Queue::WorkLow, 1010, 0).await;
    empty(&bus, Queue::Work).await;
}

/// Each queue goes on where it was, whatever the others did meanwhile.
pub async fn every_priority_goes_on_where_it_was_after_a_crash(harness: &BusHarness) {
    let bus = harness.fresh().await;
    for start in (0..300).step_by(30) {
        for (offset, (priority, _)) in (0..).step_by(10).zip(WORK) {
            let from = start + offset;
            publish(&bus, messages(routing::created(priority), from..from + 10)).await;
        }
    }
    let done = [(Queue::WorkHigh, 100), (Queue::Work, 35), (Queue::WorkLow, 0)];
    for (queue, count) in done.into_iter().filter(|(_, count)| *count > 0) {
        let subscription = subscribe(&bus, queue, count).await;
        let deliveries = take(&subscription, count).await;
        ack(&subscription, &deliveries).await;
        depth(&bus, queue, 100 - count as u64, 0).await;
    }
    drop(bus);
    let bus = harness.reopen().await;
    for (offset, (queue, count)) in (0..).zip(done) {
        let all = (0..300).filter(|number| number / 10 % 3 == offset);
        let left: Vec<u64> = all.skip(count).collect();
        depth(&bus, queue, left.len() as u64, 0).await;
        let subscription = subscribe(&bus, queue, 100).await;
        let deliveries = take(&subscription, left.len()).await;
        assert_eq!(numbers(&deliveries), left, "in {}", queue.name());
        ack(&subscription, &deliveries).await;
        empty(&bus, queue).await;
    }
    depth(&bus, Queue::Ledger, 300, 0).await;
}
