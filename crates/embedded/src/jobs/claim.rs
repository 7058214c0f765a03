//! Messages ask for attempts; the row decides.

use contracts::EventType;
use domain::claim::{Decision, decide};
use domain::{JobEvent, Row};
use ports::{Claim, ClaimRequest, ClaimTicket, Started};

use super::history::{self, Facts};
use super::outbox;
use super::row::{Stored, created};
use super::table::Table;
use crate::error::Failure;

/// Answers the requests in order.
pub(super) fn claim(
    table: &mut Table<'_>,
    ticket: &ClaimTicket,
    requests: &[ClaimRequest],
) -> Result<Vec<Claim>, Failure> {
    requests
        .iter()
        .map(|request| answer(table, ticket, request))
        .collect()
}

fn answer(table: &mut Table<'_>, ticket: &ClaimTicket, request: &ClaimRequest) -> Result<Claim, Failure> {
    // Most jobs are new: storing one finds out, without looking first.
    if request.attempt == 1
        && !table.surely_has(request.job.id)
        && let Some(claim) = start_unknown(table, ticket, request)?
    {
        return Ok(claim);
    }
    let Some(mut stored) = table.find(request.job.id)? else {
        return Ok(Claim::Passed(Vec::new()));
    };
    let claim = match decide(&stored.row, request.attempt, ticket.claim) {
        Decision::Start => start(table, ticket, &mut stored),
        Decision::Resume => resume(&stored),
        Decision::Held => hold(table, &mut stored),
        Decision::Passed => Ok(Claim::Passed(without_created(stored.events()?))),
    }?;
    table.keep(stored);
    Ok(claim)
}

/// `None` if the job is known.
fn start_unknown(
    table: &mut Table<'_>,
    ticket: &ClaimTicket,
    request: &ClaimRequest,
) -> Result<Option<Claim>, Failure> {
    let (facts, event) = created(&request.job);
    let mut life = history::begin();
    history::append(&mut life, &event, None);
    let mut row = Row::pending(ticket.now);
    row.start(&ticket.worker, ticket.claim);
    let event = executed(&facts, &row, ticket);
    history::append(&mut life, &event, None);
    let Some(stored) = table.insert(&request.job, facts, row, life, event.at)? else {
        return Ok(None);
    };
    let claim = started(&stored.row, event);
    table.keep(stored);
    Ok(Some(claim))
}

fn start(table: &mut Table<'_>, ticket: &ClaimTicket, stored: &mut Stored) -> Result<Claim, Failure> {
    stored.row.start(&ticket.worker, ticket.claim);
    let event = executed(&stored.facts, &stored.row, ticket);
    stored.append(&event, None);
    table.update(stored, event.at, None)?;
    if stored.row.relay {
        outbox::put(table.connection(), &event)?;
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
        Failure::Corrupt(format!(
            "history of job {}: no start of the attempt",
            stored.facts.id
        ))
    })?;
    Ok(started(&stored.row, event))
}

/// The message that is acknowledged now may have been the one that carried the job's events: they all leave
/// through the outbox, and so will those that follow.
fn hold(table: &mut Table<'_>, stored: &mut Stored) -> Result<Claim, Failure> {
    if stored.row.relay {
        return Ok(Claim::Held);
    }
    let events = stored.events()?;
    let last = events.last().map_or(stored.facts.created_at, |event| event.at);
    for event in without_created(events) {
        outbox::put(table.connection(), &event)?;
    }
    stored.row.relay = true;
    table.update(stored, last, None)?;
    Ok(Claim::Held)
}

fn without_created(mut events: Vec<JobEvent>) -> Vec<JobEvent> {
    events.retain(|event| event.event_type != EventType::Created);
    events
}
