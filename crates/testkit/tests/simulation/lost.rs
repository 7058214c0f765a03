//! Messages that an operator throws away: a job is in two queues, and either copy is enough.

use std::sync::Arc;
use std::time::Duration;

use contracts::JobStatus;
use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::{EventBus, Queue, Settle, routing};
use rand::SeedableRng;
use rand::rngs::StdRng;
use testkit::{DataDir, FaultRates};

use crate::books::Books;
use crate::checks;
use crate::jobs::{Submitted, created, handlers};
use crate::process::{Plans, Process};

const JOBS: usize = 30;

#[test]
fn jobs_whose_work_message_is_lost_are_run_from_the_ledger() {
    runs_without(&[Queue::Work, Queue::WorkHigh, Queue::WorkLow]);
}

#[test]
fn jobs_whose_ledger_message_is_lost_are_run_from_the_work_queue() {
    runs_without(&[Queue::Ledger]);
}

/// Submits jobs, throws away their messages in some queues, and starts the services.
fn runs_without(queues: &[Queue]) {
    let directory = DataDir::new();
    let options = || OpenOptions::new(Arc::new(SystemClock));
    let mut books = Books::default();
    let before = Database::open(directory.path(), options()).expect("the database opens");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime needs nothing but threads");
    runtime.block_on(async {
        let mut dice = StdRng::seed_from_u64(11);
        for _ in 0..JOBS {
            let job = created(&mut dice);
            before
                .bus()
                .publish(ports::parcels(vec![job.message.clone()]))
                .await
                .expect("the bus takes a job");
            books.note(&job, true);
        }
        for queue in queues {
            let here = |job: &&Submitted| queue.accepts(routing::created(job.priority));
            let messages = books.jobs.values().filter(here).count();
            throw_away(before.bus(), *queue, messages).await;
        }
    });
    before.close();
    let plans = Plans::new(11, FaultRates::default());
    let process = Process::start(directory.path(), options(), &plans, &handlers(), "survivor");
    process.block_on(checks::settled(&process, &books));
    let ends = process.block_on(checks::reckoning(&process, &books));
    assert!(process.stop(), "a system in good health stops softly");
    assert_eq!(ends.values().sum::<usize>(), JOBS);
    assert!(
        ends[&JobStatus::Completed] > 0 && ends[&JobStatus::Failed] > 0,
        "{ends:?}"
    );
}

/// Acknowledges everything that is in a queue.
async fn throw_away(bus: Arc<dyn EventBus>, queue: Queue, messages: usize) {
    let subscription = bus.subscribe(queue, JOBS).await.expect("the bus can be consumed");
    let mut thrown = 0;
    while thrown < messages {
        let next = tokio::time::timeout(Duration::from_secs(20), subscription.next(JOBS)).await;
        let batch = next.expect("the messages are there").expect("the bus delivers");
        thrown += batch.len();
        let acks = batch.iter().map(|delivery| (delivery.tag, Settle::Ack)).collect();
        subscription.settle(acks).await.expect("the bus hears it");
    }
}
