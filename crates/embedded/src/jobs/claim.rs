//! Messages ask for attempts; the row decides.

use contracts::EventType;
use domain::claim::{Decision, decide};
use domain::{JobEvent, Row};
use ports::{Claim, ClaimRequest, ClaimTicket, Started};
use rusqlite::Connection;

use super::history::{self, Facts};
use super::outbox;
use super::row::{Stored, created, find, insert, update};
use crate::error::Failure;

/// Answers the requests in order.
pub(super) fn claim(
    connection: &Connection,
    ticket: &ClaimTicket,
    requests: &[ClaimRequest],
) -> Result<Vec<Claim>, Failure> {
    requests.iter().map(|request| answer(connection, ticket, request)).collect()
}

fn answer(connection: &Connection, ticket: &ClaimTicket, request: &ClaimRequest) -> Result<Claim, Failure> {
    match find(connection, request.job.id)? {
        None if request.attempt == 1 => start_unknown(connection, ticket, request),
        None => Ok(Claim::Passed(Vec::new())),
        Some(stored) => match decide(&stored.row, request.attempt, ticket.claim) {
            Decision::Start => start(connection, ticket, stored),
            Decision::Resume => resume(&stored),
            Decision::Held => hold(connection, stored),
            Decision::Passed => Ok(Claim::Passed(without_created(stored.events()?))),
        },
    }
}

fn start_unknown(
    connection: &Connection,
    ticket: &ClaimTicket,
    request: &ClaimRequest,
) -> Result<Claim, Failure> {
    let (facts, event) = created(&request.job);
    let mut life = history::begin();
    history::append(&mut life, &event, None);
    let mut row = Row::pending(ticket.now);
    row.start(&ticket.worker, ticket.claim);
    let event = executed(&facts, &row, ticket);
    history::append(&mut life, &event, None);
    insert(connection, &request.job, &row, &life, event.at)?;
    Ok(started(&row, event))
}

fn start(connection: &Connection, ticket: &ClaimTicket, mut stored: Stored) -> Result<Claim, Failure> {
    stored.row.start(&ticket.worker, ticket.claim);
    let event = executed(&stored.facts, &stored.row, ticket);
    stored.append(&event, None);
    update(connection, &stored, event.at)?;
    if stored.row.relay {
        outbox::put(connection, &event)?;
    }
    Ok(started(&stored.row, event))
}

fn executed(facts: &Facts, row: &Row, ticket: &ClaimTicket) -> JobEvent {
    JobEvent {
        worker: Some(ticket.worker.clone()),
        ..facts.event(EventType::Executed, row.attempt, ticket.now)
    }
}

fn started(row: &Row, event: JobEvent) -> Claim {
    Claim::Started(Started {
        attempt: row.attempt,
        failures: row.failures,
        event,
    })
}

fn resume(stored: &Stored) -> Result<Claim, Failure> {
    let mut events = stored.events()?.into_iter();
    let current =
        |event: &JobEvent| event.event_type == EventType::Executed && event.attempt == stored.row.attempt;
    let event = events.find(current).ok_or_else(|| {
        Failure::Corrupt(format!("history of job {}: no start of the attempt", stored.facts.id))
    })?;
    Ok(started(&stored.row, event))
}

/// The message that is acknowledged now may have been the one that carried the job's events: they all leave
/// through the outbox, and so will those that follow.
fn hold(connection: &Connection, mut stored: Stored) -> Result<Claim, Failure> {
    if stored.row.relay {
        return Ok(Claim::Held);
    }
    let events = stored.events()?;
    let last = events.last().map_or(stored.facts.created_at, |event| event.at);
    for event in without_created(events) {
        outbox::put(connection, &event)?;
    }
    stored.row.relay = true;
    update(connection, &stored, last)?;
    Ok(Claim::Held)
}

fn without_created(mut events: Vec<JobEvent>) -> Vec<JobEvent> {
    events.retain(|event| event.event_type != EventType::Created);
    events
}
