//! Whole lives of the observatory, simulated: real services over ports that fail on purpose, on a database whose
//! process dies again and again. Clients submit jobs for now and for later, some under keys that they share, withdraw
//! and revive them, and a schedule fires every second. In the end every accepted job has reached exactly one terminal
//! state in each of its rounds, the schedule has fired at every second once, nothing has run together that must not,
//! and history, event log and counters tell the same story.
//!
//! The seed decides what is submitted, what fails and when the process dies. It is printed first; run
//! `SIM_SEED=<seed> cargo test -p testkit --test simulation` to repeat a life (as far as threads allow), and set
//! `SIM_RUNS=<n>` to live n lives with the seeds from there on.

mod books;
mod checks;
mod jobs;
mod life;
mod lost;
mod process;
mod stop;
mod watch;
mod wishes;

use std::time::{SystemTime, UNIX_EPOCH};

#[test]
fn a_life_with_seed_1_keeps_the_promise() {
    life::live(1);
}

#[test]
fn a_life_with_seed_2_keeps_the_promise() {
    life::live(2);
}

#[test]
fn a_life_with_seed_3_keeps_the_promise() {
    life::live(3);
}

#[test]
fn a_life_with_a_new_seed_keeps_the_promise() {
    let first = number("SIM_SEED").unwrap_or_else(clock);
    for seed in first..first + number("SIM_RUNS").unwrap_or(1) {
        life::live(seed);
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
    )
}

fn clock() -> u64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is past 1970");
    u64::from(now.subsec_nanos()) + now.as_secs()
}
