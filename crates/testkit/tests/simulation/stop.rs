//! Stopping while something is away.

use std::sync::Arc;
use std::time::Duration;

use domain::SystemClock;
use embedded::OpenOptions;
use rand::SeedableRng;
use rand::rngs::StdRng;
use testkit::{DataDir, FaultPlan, FaultRates, wait_until};

use crate::books::Books;
use crate::checks;
use crate::jobs::{created, handlers};
use crate::process::{Plans, Process};

/// How long services may go on without asking for what is away.
const NOTICED: Duration = Duration::from_secs(20);

#[test]
fn a_soft_stop_ends_while_the_bus_is_away() {
    stops_without(|plans| &plans.bus);
}

#[test]
fn a_soft_stop_ends_while_the_stores_are_away() {
    stops_without(|plans| &plans.stores);
}

/// Whoever is told to stop while running work cannot be recorded or published leaves it to the next process.
fn stops_without(away: fn(&Plans) -> &Arc<FaultPlan>) {
    let directory = DataDir::new();
    let options = || OpenOptions::new(Arc::new(SystemClock));
    let plans = Plans::new(5, FaultRates::default());
    let process = Process::start(directory.path(), options(), &plans, &handlers(), "first");
    let mut books = Books::default();
    process.block_on(async {
        let mut dice = StdRng::seed_from_u64(5);
        for _ in 0..100 {
            let job = created(&mut dice);
            process
                .bus()
                .publish(ports::parcels(vec![job.message.clone()]))
                .await
                .expect("the bus takes a job");
            books.note(&job, true);
        }
        away(&plans).outage(true);
        wait_until(NOTICED, "the services to notice", || async {
            away(&plans).injected() > 10
        })
        .await;
    });
    let softly = process.stop();
    away(&plans).outage(false);
    let process = Process::start(directory.path(), options(), &plans, &handlers(), "second");
    process.block_on(checks::settled(&process, &books));
    process.block_on(checks::reckoning(&process, &books));
    assert!(process.stop(), "a system in good health stops softly");
    assert!(softly, "the soft stop waited for what is away");
}
