//! A life: submissions, faults and deaths, then peace and the reckoning.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use domain::SystemClock;
use embedded::OpenOptions;
use ports::{EventBus, Message};
use processor::HandlerRegistry;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use testkit::{DataDir, FaultRates};
use uuid::Uuid;

use crate::checks;
use crate::jobs::{GARBAGE, created, garbage, handlers};
use crate::process::{Plans, Process};

/// How often the process dies or stops.
const DEATHS: u32 = 8;

/// What a life has left behind.
#[derive(Default)]
pub(crate) struct Books {
    /// Jobs that were accepted: their publication was confirmed.
    pub(crate) accepted: BTreeSet<Uuid>,
    /// Jobs whose publication failed for good: some of them may be there all the same.
    pub(crate) doubtful: BTreeSet<Uuid>,
    /// Whether messages that are no events were accepted.
    pub(crate) garbage: bool,
}

struct Life {
    dice: StdRng,
    plans: Plans,
    books: Books,
    sent: Vec<Message>,
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
        sent: Vec::new(),
        handlers: handlers(),
        directory: DataDir::new(),
    };
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
    last.block_on(checks::settled(&last, &life.books));
    let ends = last.block_on(checks::reckoning(&last, &life.books));
    assert!(last.stop(), "a system in good health stops softly");
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
        Process::start(self.directory.path(), options, &self.plans, &self.handlers, name)
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
        for _ in 0..self.sent.len().min(10) {
            let message = self.sent[self.dice.random_range(0..self.sent.len())].clone();
            // Whether it is taken makes no difference to what is promised.
            let _ = bus.publish(ports::parcels(vec![message])).await;
        }
    }

    async fn submit(&mut self, process: &Process, jobs: u32) {
        let bus = process.bus();
        self.send_again(&bus).await;
        for number in 0..jobs {
            let (id, message) = created(&mut self.dice);
            self.sent.push(message.clone());
            let mut batch = vec![message];
            if number == 7 {
                batch.extend(GARBAGE.map(garbage));
            }
            let mut taken = false;
            for _ in 0..self.dice.random_range(1..6) {
                taken = taken || bus.publish(ports::parcels(batch.clone())).await.is_ok();
            }
            if taken {
                self.books.accepted.insert(id);
                self.books.garbage |= number == 7;
            } else {
                self.books.doubtful.insert(id);
            }
            if self.dice.random_bool(0.1) {
                tokio::time::sleep(Duration::from_millis(self.dice.random_range(0..40))).await;
            }
        }
    }
}
