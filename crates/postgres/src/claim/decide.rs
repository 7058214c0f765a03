//! Requests that are answered by the rules, with rows and limits under lock.

use std::collections::HashSet;

use contracts::EventType;
use domain::claim::{Ask, Decision, decide};
use domain::limits::{Hold, Verdict};
use domain::{JobEvent, Row};
use jiff::Timestamp;
use ports::{Claim, ClaimRequest, ClaimTicket};
use uuid::Uuid;

use super::answers::{needs_a_message, passed, resumed, started};
use crate::codes::to_the_microsecond;
use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::forgotten;
use crate::gate::{Gatekeeper, waits_in};
use crate::insert::Starter;
use crate::row::{Stored, trim};
use crate::unique::{Key, Keys};
use crate::work::{Done, Work};

/// Answers requests in order.
pub(super) struct Decide<'a> {
    pub(super) ticket: &'a ClaimTicket,
    pub(super) requests: Vec<&'a ClaimRequest>,
}

impl Operation for Decide<'_> {
    type Answer = Done<Vec<Claim>>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        let mut call = self.prepare(session).await?;
        let answers = self.requests.iter().map(|request| call.answer(request));
        let answers: Vec<Claim> = answers.collect::<Result<_, Failure>>()?;
        call.write(session).await?;
        let began = call.began.len();
        Ok(Done {
            started: Some((self.ticket.claim, self.ticket.worker.clone(), began)),
            ..Done::new(answers, call.work.into_rows())
        })
    }
}

impl Decide<'_> {
    /// Locks and reads everything that the rules ask for: keys, limits, rows, in this order.
    async fn prepare(&self, session: &mut Session<'_>) -> Result<Call<'_>, Failure> {
        let ids: Vec<Uuid> = self.requests.iter().map(|request| request.job.id).collect();
        // What a message says of a job may be something else than what was said when it was stored.
        let stored = session.keys_of(&ids).await?;
        let said = self
            .requests
            .iter()
            .filter_map(|request| request.job.unique_key.as_deref());
        let names: Vec<&str> = said.chain(stored.iter().map(|key| &**key)).collect();
        session.lock_keys(&names).await?;
        let book = session.limits().await?;
        let job_types: HashSet<&str> = self
            .requests
            .iter()
            .map(|request| &*request.job.job_type)
            .collect();
        let epoch = book.epoch;
        let mut gatekeeper = Gatekeeper::lock(session, book, job_types.into_iter()).await?;
        let work = session.lock_rows(&ids).await?;
        let new = ids.iter().copied().filter(|id| !work.has(id)).collect::<Vec<_>>();
        let forgotten = forgotten::among(session.connection, &new).await?;
        let keys = Keys::read(session.connection, &names).await?;
        gatekeeper.count(session, &work, self.ticket.now).await?;
        Ok(Call {
            ticket: self.ticket,
            work,
            keys,
            gatekeeper,
            forgotten,
            limits_epoch: epoch,
            began: HashSet::new(),
        })
    }
}

/// A claim that is being answered.
struct Call<'a> {
    ticket: &'a ClaimTicket,
    work: Work,
    keys: Keys,
    gatekeeper: Gatekeeper,
    forgotten: HashSet<Uuid>,
    limits_epoch: i64,
    began: HashSet<Uuid>,
}

/// Why a job has to wait.
struct Obstacle {
    reason: Hold,
    look_again_at: Option<Timestamp>,
}

impl Call<'_> {
    fn answer(&mut self, request: &ClaimRequest) -> Result<Claim, Failure> {
        let id = request.job.id;
        if !self.work.has(&id) {
            // The scheduler dispatches stored jobs only: what it sent and is not there was forgotten since.
            let is_new = request.attempt == 1 && !request.dispatched && !self.forgotten.contains(&id);
            if !is_new {
                return Ok(Claim::Passed(Vec::new()));
            }
            let arriving = Stored::arriving(&request.job, Row::pending(to_the_microsecond(self.ticket.now)))?;
            self.work.arrive(&request.job, arriving);
        }
        let Some(stored) = self.work.get(&id) else {
            return Err(Failure::overtaken("a job"));
        };
        let ask = Ask {
            attempt: request.attempt,
            claim: self.ticket.claim,
            dispatched: request.dispatched,
        };
        match decide(&stored.row, ask, stored.facts.run_at, self.ticket.now) {
            Decision::Start => self.start_or_wait(id, request.dispatched),
            Decision::Schedule(run_at) => self.schedule(id, run_at),
            Decision::Resume => resumed(stored),
            Decision::Held => self.leave_to_relay(id),
            Decision::Passed => passed(stored),
        }
    }

    fn row(&mut self, id: Uuid) -> Result<&mut Stored, Failure> {
        self.work.get(&id).ok_or_else(|| Failure::overtaken("a job"))
    }

    fn start_or_wait(&mut self, id: Uuid, is_released: bool) -> Result<Claim, Failure> {
        if let Some(obstacle) = self.obstacle(id, is_released)? {
            let stored = self.row(id)?;
            stored.row.hold(obstacle.reason, obstacle.look_again_at);
            trim(&mut stored.row);
            stored.released_until = stored.released_until.filter(|_| !is_released);
            stored.news.any = true;
            return Ok(Claim::Waits(Vec::new()));
        }
        let ticket = self.ticket;
        let stored = self.row(id)?;
        let event = stored.start(&ticket.worker, ticket.claim, ticket.now)?;
        let (claim, relay) = (started(&stored.row, event.clone()), stored.row.relay);
        if relay {
            self.work.post(&event)?;
        }
        self.began.insert(id);
        Ok(claim)
    }

    /// What keeps the job from starting; if nothing does, its unique key and the token of its start are taken.
    fn obstacle(&mut self, id: Uuid, is_released: bool) -> Result<Option<Obstacle>, Failure> {
        let now = self.ticket.now;
        let stored = self.work.get(&id).ok_or_else(|| Failure::overtaken("a job"))?;
        if let Key::Taken(look_again_at) = self.keys.own(stored, now) {
            let reason = Hold::Unique;
            return Ok(Some(Obstacle {
                reason,
                look_again_at,
            }));
        }
        let job_type = stored.facts.job_type.clone();
        let others_wait = !is_released && waits_in(&self.work, &job_type, id);
        Ok(
            match self.gatekeeper.ask(&job_type, others_wait, is_released, now) {
                Verdict::Open => None,
                Verdict::Hold {
                    reason,
                    look_again_at,
                } => Some(Obstacle {
                    reason,
                    look_again_at,
                }),
            },
        )
    }

    /// Puts the job off until its time. It owns its key already, or waits for that, too.
    fn schedule(&mut self, id: Uuid, run_at: Timestamp) -> Result<Claim, Failure> {
        let (now, run_at) = (self.ticket.now, to_the_microsecond(run_at));
        let stored = self.work.get(&id).ok_or_else(|| Failure::overtaken("a job"))?;
        stored.row.release(run_at);
        let event_type: EventType = stored.row.schedule(run_at);
        let event = JobEvent {
            run_at: Some(run_at),
            ..stored.event(event_type, now)
        };
        stored.append(&event)?;
        self.keys.own_or_wait(stored, now);
        Ok(Claim::Waits(vec![event]))
    }

    /// The message that is acknowledged now may have been the one that carried the job's events: they all leave
    /// through the outbox, and so will those that follow.
    fn leave_to_relay(&mut self, id: Uuid) -> Result<Claim, Failure> {
        let stored = self.row(id)?;
        if stored.row.relay {
            return Ok(Claim::Held);
        }
        stored.row.relay = true;
        stored.news.any = true;
        let events = stored.events()?;
        for event in events.iter().filter(|event| needs_a_message(event)) {
            self.work.post(event)?;
        }
        Ok(Claim::Held)
    }

    async fn write(&mut self, session: &mut Session<'_>) -> Result<(), Failure> {
        let starter = Starter {
            worker: &self.ticket.worker,
            claim: self.ticket.claim,
            limits_epoch: Some(self.limits_epoch),
        };
        self.work.write(session.connection, starter).await?;
        self.gatekeeper.write(session).await?;
        self.keys.write(session.connection).await
    }
}
