//! A life: submissions, faults and deaths, then peace and the reckoning.

use std::sync::Arc;
use std::time::Duration;

use domain::SystemClock;
use embedded::OpenOptions;
use ports::{EventBus, Message};
use processor::HandlerRegistry;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use testkit::{DataDir, FaultRates};

use crate::books::Books;
use crate::jobs::{GARBAGE, created, garbage, handlers};
use crate::process::{Plans, Process};
use crate::watch::Sightings;
use crate::{checks, wishes};

/// How often the process dies or stops.
const DEATHS: u32 = 8;

struct Life {
    dice: StdRng,
    plans: Plans,
    books: Books,
    sightings: Sightings,
    handlers: HandlerRegistry,
    directory: DataDir,
}

/// Lives the life of a seed.
pub(crate) fn live(seed: u64) {
    say(&format!("SIM_SEED={seed}"));
    let mut life = Life {
        dice: StdRng::seed_from_u64(seed),
        plans: Plans::new(seed, FaultRates::ROUGH),
        books: Books::default(),
        sightings: Sightings::default(),
        handlers: handlers(),
        directory: DataDir::new(),
    };
    let first = life.start(&format!("worker-{seed}-first"));
    first.block_on(wishes::set_up(&*first.jobs()));
    assert!(first.stop(), "a system in good health stops softly");
    for round in 0..DEATHS {
        life.round(&format!("worker-{seed}-{round}"));
    }
    assert!(
        life.plans.injected() > 100,
        "only {} faults struck",
        life.plans.injected()
    );
    life.plans.switch(false);
    let last = life.start(&format!("worker-{seed}-last"));
    last.block_on(wishes::pause(&*last.jobs()));
    last.block_on(checks::settled(&last, &life.books));
    let ends = last.block_on(checks::reckoning(&last, &life.books));
    assert!(last.stop(), "a system in good health stops softly");
    life.sightings.check(&life.books);
    say(&format!(
        "{} faults, {DEATHS} deaths, jobs {ends:?}",
        life.plans.injected()
    ));
    let again = life.start(&format!("worker-{seed}-again"));
    assert_eq!(
        again.block_on(checks::reckoning(&again, &life.books)),
        ends,
        "nothing happens after the end"
    );
    assert!(again.stop(), "a system in good health stops softly");
}

/// Whoever reads a failure needs the seed, and wants to know what was lived through.
#[expect(clippy::print_stderr, reason = "shown by the test runner where a test fails")]
fn say(text: &str) {
    eprintln!("simulated life: {text}");
}

impl Life {
    fn start(&mut self, name: &str) -> Process {
        self.plans.bus.outage(false);
        self.plans.stores.outage(false);
        let keep_leases = self.dice.random_bool(0.5);
        let options = OpenOptions::new(Arc::new(SystemClock)).keep_leases(keep_leases);
        let process = Process::start(self.directory.path(), options, &self.plans, &self.handlers, name);
        process.beside(self.sightings.clone().watch(process.jobs()));
        process
    }

    /// One process' life: clients submit, then it ends somehow.
    fn round(&mut self, name: &str) {
        let process = self.start(name);
        let jobs = self.dice.random_range(20..80);
        process.block_on(self.submit(&process, jobs));
        let rest = Duration::from_millis(self.dice.random_range(0..300));
        process.block_on(async { tokio::time::sleep(rest).await });
        self.outage(&process);
        if self.dice.random_bool(0.25) {
            // With the bus away there may be nothing else left than to stop at once.
            process.stop();
        } else {
            process.crash();
        }
    }

    /// Sometimes the bus or the stores are away, and come back or see the process die first.
    fn outage(&mut self, process: &Process) {
        let plan = match self.dice.random_range(0..4) {
            0 => return,
            1 => &self.plans.stores,
            _ => &self.plans.bus,
        };
        plan.outage(true);
        let lasts = Duration::from_millis(self.dice.random_range(50..400));
        process.block_on(async { tokio::time::sleep(lasts).await });
        let back = self.dice.random_bool(0.3);
        plan.outage(!back);
    }

    /// Clients that never heard an answer submit old jobs once more, whatever has become of them.
    async fn send_again(&mut self, bus: &Arc<dyn EventBus>) {
        let sent: Vec<Message> = self.books.sent().into_iter().cloned().collect();
        for _ in 0..sent.len().min(10) {
            let message = sent[self.dice.random_range(0..sent.len())].clone();
            // Whether it is taken makes no difference to what is promised.
            let _ = bus.publish(ports::parcels(vec![message])).await;
        }
    }

    async fn submit(&mut self, process: &Process, jobs: u32) {
        let (bus, store) = (process.bus(), process.faulty_jobs(&self.plans));
        self.send_again(&bus).await;
        for number in 0..jobs {
            self.submit_one(&bus, number == 7).await;
            if self.dice.random_bool(0.35) {
                wishes::wish(&*store, &mut self.dice, &mut self.books).await;
            }
            if self.dice.random_bool(0.1) {
                tokio::time::sleep(Duration::from_millis(self.dice.random_range(0..40))).await;
            }
        }
    }

    /// Submits one job, with some garbage or without, until it is taken or the client has had enough.
    async fn submit_one(&mut self, bus: &Arc<dyn EventBus>, with_garbage: bool) {
        let job = created(&mut self.dice);
        let mut batch = vec![job.message.clone()];
        if with_garbage {
            batch.extend(GARBAGE.map(garbage));
        }
        let mut taken = false;
        for _ in 0..self.dice.random_range(1..6) {
            taken = taken || bus.publish(ports::parcels(batch.clone())).await.is_ok();
        }
        self.books.note(&job, taken);
        self.books.garbage |= taken && with_garbage;
    }
}
