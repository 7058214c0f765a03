//! Messages ask for attempts; the row decides.

use contracts::EventType;
use domain::claim::{Ask, Decision, decide};
use domain::{JobEvent, Row};
use jiff::Timestamp;
use ports::{Claim, ClaimRequest, ClaimTicket, NewJob, Started};

use super::body;
use super::facts::to_the_microsecond;
use super::obstacle::{Obstacle, obstacle};
use super::outbox;
use super::row::Stored;
use super::table::Table;
use super::unique;
use crate::error::Failure;

/// Answers the requests in order.
pub(super) fn claim(
    table: &mut Table<'_>,
    ticket: &ClaimTicket,
    requests: &[ClaimRequest],
) -> Result<Vec<Claim>, Failure> {
    let answer = |request| {
        let mut call = Call {
            table,
            ticket,
            request,
        };
        call.answer()
    };
    requests.iter().map(answer).collect()
}

/// One request, on its way to an answer.
struct Call<'a, 'c> {
    table: &'a mut Table<'c>,
    ticket: &'a ClaimTicket,
    request: &'a ClaimRequest,
}

impl Call<'_, '_> {
    fn answer(&mut self) -> Result<Claim, Failure> {
        let job = &self.request.job;
        let may_be_new = self.request.attempt == 1 && !self.table.surely_has(job.id);
        if may_be_new
            && self.nobody_minds()?
            && let Some(claim) = self.start_unknown()?
        {
            return Ok(claim);
        }
        let known = self.table.find(job.id)?;
        let is_new = known.is_none() && may_be_new && self.announces()?;
        let arriving = || Stored::arriving(&self.request.job, Row::pending(self.ticket.now));
        let Some(mut stored) = known.or_else(|| is_new.then(arriving)) else {
            return Ok(Claim::Passed(Vec::new()));
        };
        let claim = self.decide(&mut stored)?;
        self.table.keep(stored);
        Ok(claim)
    }

    /// Whether a job that is not stored is to be. The scheduler dispatches stored ones only: what it sent and is not
    /// there was forgotten since.
    fn announces(&mut self) -> Result<bool, Failure> {
        Ok(!self.request.dispatched && !self.table.has_forgotten(self.request.job.id)?)
    }

    /// Whether nothing but its row can keep the job from starting. Most jobs are such, and new: storing one then
    /// finds out, without looking first.
    fn nobody_minds(&mut self) -> Result<bool, Failure> {
        let NewJob {
            run_at,
            unique_key,
            job_type,
            ..
        } = &*self.request.job;
        let waits = run_at.is_some_and(|run_at| run_at > self.ticket.now) || unique_key.is_some();
        Ok(!waits && self.table.limits()?.is_open(job_type) && self.announces()?)
    }

    /// `None` if the job is known.
    fn start_unknown(&mut self) -> Result<Option<Claim>, Failure> {
        let mut arriving = Stored::arriving(&self.request.job, Row::pending(self.ticket.now));
        let event = self.begin(&mut arriving);
        if !self.table.insert(&self.request.job, &mut arriving, event.at)? {
            return Ok(None);
        }
        let claim = started(&arriving.row, event);
        self.table.keep(arriving);
        Ok(Some(claim))
    }

    fn decide(&mut self, stored: &mut Stored) -> Result<Claim, Failure> {
        let ask = Ask {
            attempt: self.request.attempt,
            claim: self.ticket.claim,
            dispatched: self.request.dispatched,
        };
        match decide(&stored.row, ask, self.run_at(stored)?, self.ticket.now) {
            Decision::Start => self.start_or_wait(stored),
            Decision::Schedule(run_at) => self.schedule(stored, run_at),
            Decision::Resume => resume(stored),
            Decision::Held => leave_to_relay(self.table, stored),
            Decision::Passed => Ok(Claim::Passed(without_created(stored.events()?))),
        }
    }

    /// The moment of the job that is stored: a submission that was repeated with a delay names a later one.
    fn run_at(&mut self, stored: &Stored) -> Result<Option<Timestamp>, Failure> {
        if stored.is_stored() && stored.row.attempt == 0 {
            return Ok(body::about(self.table.connection(), stored.seq)?.run_at);
        }
        Ok(self.request.job.run_at)
    }

    fn start_or_wait(&mut self, stored: &mut Stored) -> Result<Claim, Failure> {
        if let Some(obstacle) = obstacle(self.table, stored, self.request.dispatched, self.ticket.now)? {
            return self.wait(stored, obstacle);
        }
        let event = self.begin(stored);
        self.write(stored, event.at)?;
        if stored.row.relay {
            outbox::put(self.table.connection(), &event)?;
        }
        Ok(started(&stored.row, event))
    }

    /// Starts the attempt, in the row.
    fn begin(&self, stored: &mut Stored) -> JobEvent {
        stored.row.start(&self.ticket.worker, self.ticket.claim);
        let event = JobEvent {
            worker: Some(self.ticket.worker.clone()),
            ..stored.event(EventType::Executed, self.ticket.now)
        };
        stored.append(&event, None);
        event
    }

    fn wait(&mut self, stored: &mut Stored, obstacle: Obstacle) -> Result<Claim, Failure> {
        let Obstacle {
            reason,
            look_again_at,
        } = obstacle;
        stored.row.hold(reason, look_again_at.map(to_the_microsecond));
        let updated_at = stored.updated_at()?;
        self.write(stored, updated_at)?;
        Ok(Claim::Waits(Vec::new()))
    }

    /// Puts the job off until its time. It owns its key already, or waits for that, too.
    fn schedule(&mut self, stored: &mut Stored, run_at: Timestamp) -> Result<Claim, Failure> {
        let run_at = to_the_microsecond(run_at);
        stored.row.release(run_at);
        let event_type = stored.row.schedule(run_at);
        let event = JobEvent {
            run_at: Some(run_at),
            ..stored.event(event_type, self.ticket.now)
        };
        stored.append(&event, None);
        unique::own_or_wait(self.table.connection(), stored, self.ticket.now)?;
        self.write(stored, event.at)?;
        Ok(Claim::Waits(vec![event]))
    }

    /// Writes the row back, or stores the job if it is not.
    fn write(&mut self, stored: &mut Stored, updated_at: Timestamp) -> Result<(), Failure> {
        if stored.is_stored() {
            self.table.update(stored, updated_at, None)?;
        } else {
            self.table.insert(&self.request.job, stored, updated_at)?;
        }
        Ok(())
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
fn leave_to_relay(table: &mut Table<'_>, stored: &mut Stored) -> Result<Claim, Failure> {
    if stored.row.relay {
        return Ok(Claim::Held);
    }
    let events = stored.events()?;
    let last = events.last().map_or(stored.facts.created_at, |event| event.at);
    for event in events.iter().filter(|event| needs_a_message(event)) {
        outbox::put(table.connection(), event)?;
    }
    stored.row.relay = true;
    table.update(stored, last, None)?;
    Ok(Claim::Held)
}

/// Whether a message carries the event. Every consumer has the first one from the message itself; a job whose worker
/// died, or of which a client wants something, has no message, so that the event went to the outbox by itself.
fn needs_a_message(event: &JobEvent) -> bool {
    match event.event_type {
        EventType::Created => false,
        EventType::Retrying | EventType::Cancelled | EventType::Quarantined => event.run_micros.is_some(),
        _ => true,
    }
}

fn without_created(mut events: Vec<JobEvent>) -> Vec<JobEvent> {
    events.retain(|event| event.event_type != EventType::Created);
    events
}
