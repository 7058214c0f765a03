//! What the suite of the port cannot see: memory and tables, batches, and what the programs before have written.

mod before;
mod cost;
mod held;
mod keys;
mod memory;
mod unreadable;

use std::sync::Arc;

use domain::{AttemptResult, Outcome};
use jiff::Timestamp;
use ports::{Claim, ClaimRequest, ClaimTicket, Dispatch, LimitChange, NewJob};
use uuid::Uuid;

use super::fixtures::{Desk, at};
use super::{claim, due};

/// The claim of some jobs' first attempts at second 1, under a ticket of that number.
fn announce(desk: &Desk, ticket: u64, jobs: Vec<NewJob>) -> Vec<Claim> {
    let wish = |job| ClaimRequest {
        job: Arc::new(job),
        attempt: 1,
        dispatched: false,
    };
    ask(desk, ticket, &jobs.into_iter().map(wish).collect::<Vec<_>>())
}

/// The claim of what was taken.
fn arrive(desk: &Desk, ticket: u64, taken: Vec<Dispatch>) -> Vec<Claim> {
    let wish = |taken: Dispatch| ClaimRequest {
        job: taken.job,
        attempt: taken.attempt,
        dispatched: true,
    };
    ask(desk, ticket, &taken.into_iter().map(wish).collect::<Vec<_>>())
}

fn ask(desk: &Desk, claim: u64, requests: &[ClaimRequest]) -> Vec<Claim> {
    let ticket = ticket(claim);
    desk.write(|table| claim::claim(table, &ticket, requests))
}

fn ticket(claim: u64) -> ClaimTicket {
    ClaimTicket {
        worker: "w".to_owned(),
        claim,
        now: at(1),
    }
}

/// What is taken at a second, for five seconds.
fn take(desk: &Desk, second: i64, limit: usize) -> Vec<Dispatch> {
    desk.write(|table| due::take(table, at(second), at(second + 5), limit))
}

fn numbers(taken: &[Dispatch]) -> Vec<u128> {
    taken.iter().map(|taken| taken.job.id.as_u128()).collect()
}

fn started(claims: &[Claim]) -> usize {
    claims
        .iter()
        .filter(|claim| matches!(claim, Claim::Started(_)))
        .count()
}

fn set(desk: &Desk, change: &LimitChange) {
    desk.write(|table| {
        let connection = table.connection();
        table.limits()?.change(connection, change)
    });
}

fn completed(number: u128, attempt: u32, at: Timestamp) -> AttemptResult {
    AttemptResult {
        job_id: Uuid::from_u128(number),
        attempt,
        worker: "w".to_owned(),
        at,
        run_micros: 7,
        outcome: Outcome::Completed { result: None },
        log: Vec::new(),
    }
}
