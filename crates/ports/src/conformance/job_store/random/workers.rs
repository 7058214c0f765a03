//! Claims, results and leases.

use std::collections::BTreeSet;

use contracts::EventType;
use domain::claim::{Ask, Decision, decide};
use domain::{AttemptResult, LogLine, Outcome};
use uuid::Uuid;

use super::super::support::{at, result, ticket};
use super::World;
use super::model::{Model, kind};
use crate::{AttemptLog, Claim, ClaimRequest, ClaimTicket, Recorded};

impl World {
    /// Claims mostly the next attempt, sometimes another one.
    pub(super) async fn claim(&mut self) {
        let worker = self.worker();
        if !self.leases.contains_key(worker) {
            return self.heartbeat_of(worker, 10).await;
        }
        self.claims += 1;
        let ticket = ticket(worker, self.claims, at(self.now));
        let wishes: Vec<_> = (0..=self.dice.below(4)).filter_map(|_| self.wish()).collect();
        self.last_claim = Some((ticket.clone(), wishes.clone()));
        self.expect_claims(&ticket, wishes).await;
    }

    fn wish(&mut self) -> Option<ClaimRequest> {
        let job = self.any_job();
        if self.gone.contains(&job.id) {
            return None;
        }
        let next = self.models.get(&job.id).map_or(1, |model| model.row.attempt + 1);
        let attempt = next.saturating_sub(u32::from(self.dice.one_in(4)));
        // A scheduler dispatches what it may have taken: nothing before its time, and nothing that is held back.
        let is_held = |model: &Model| model.row.held.is_some();
        let may_be_taken = self.models.get(&job.id).is_some_and(|model| !is_held(model))
            && job.run_at.is_none_or(|run_at| run_at <= at(self.now));
        Some(ClaimRequest {
            dispatched: attempt > 1 || may_be_taken && self.dice.one_in(3),
            job: job.into(),
            attempt,
        })
    }

    pub(super) async fn repeat_claim(&mut self) {
        let Some((ticket, wishes)) = self.last_claim.clone() else {
            return;
        };
        if wishes.iter().all(|wish| !self.gone.contains(&wish.job.id)) {
            self.expect_claims(&ticket, wishes).await;
        }
    }

    pub(super) async fn expect_claims(
        &mut self,
        ticket: &ClaimTicket,
        wishes: Vec<ClaimRequest>,
    ) -> Vec<Claim> {
        let answers = self.store.claim(ticket, wishes.clone()).await;
        for (wish, answer) in wishes.iter().zip(&answers) {
            self.expect_claim(ticket, wish, answer);
        }
        let ids: BTreeSet<_> = wishes.iter().map(|wish| wish.job.id).collect();
        self.follow_all(|model| model.waits() && ids.contains(&model.job.id))
            .await;
        for wish in &wishes {
            self.assert_key(&wish.job);
        }
        answers
    }

    fn expect_claim(&mut self, ticket: &ClaimTicket, wish: &ClaimRequest, answer: &Claim) {
        let id = wish.job.id;
        if wish.attempt != 1 && !self.models.contains_key(&id) {
            assert_eq!(*answer, Claim::Passed(Vec::new()), "{wish:?} of an unknown job");
            return;
        }
        let new = || Model::new((*wish.job).clone(), ticket.now);
        let model = self.models.entry(id).or_insert_with(new);
        let ask = Ask {
            attempt: wish.attempt,
            claim: ticket.claim,
            dispatched: wish.dispatched,
        };
        match (decide(&model.row, ask, model.job.run_at, ticket.now), answer) {
            (Decision::Start, Claim::Started(_)) => self.starts(ticket, wish),
            (Decision::Start, Claim::Waits(events)) => {
                model.tell(events);
                self.holds_back(&wish.job);
                return;
            }
            (Decision::Schedule(run_at), Claim::Waits(_)) => {
                let event_type = model.row.schedule(run_at);
                model.note(event_type);
            }
            (Decision::Resume, Claim::Started(_)) | (Decision::Passed, Claim::Passed(_)) => {}
            (Decision::Held, Claim::Held) => model.passed_by(),
            (rule, _) => panic!(
                "{wish:?} of {:?}: the rule says {rule:?}, the store {answer:?}",
                model.row
            ),
        }
        self.tell_of(id, answer);
    }

    /// What an answer says has to have happened.
    fn tell_of(&mut self, id: Uuid, answer: &Claim) {
        let Some(model) = self.models.get_mut(&id) else {
            return;
        };
        match answer {
            Claim::Started(started) => {
                let (row, event) = (&model.row, &started.event);
                assert_eq!((started.attempt, started.failures), (row.attempt, row.failures));
                assert_eq!(kind(event), (EventType::Executed, row.attempt, row.round));
                model.tell(std::slice::from_ref(event));
            }
            Claim::Waits(events) | Claim::Passed(events) => model.tell(events),
            Claim::Held => {}
        }
    }

    /// The store has started the job: it must have been allowed to.
    fn starts(&mut self, ticket: &ClaimTicket, wish: &ClaimRequest) {
        self.assert_may_start(wish);
        let Some(model) = self.models.get_mut(&wish.job.id) else {
            return;
        };
        model.row.start(&ticket.worker, ticket.claim);
        let event = model.note(EventType::Executed);
        if model.row.relay {
            model.relayed.insert(event);
        }
        self.count_start(&wish.job.job_type, ticket.now);
    }

    /// Records mostly what is running, sometimes what is not, sometimes in another worker's name.
    pub(super) async fn record(&mut self) {
        let running: Vec<_> = self
            .models
            .values()
            .filter(|model| model.runs())
            .map(|model| model.job.id)
            .collect();
        let id = if running.is_empty() || self.dice.one_in(6) {
            self.any_job().id
        } else {
            running[self.dice.index(running.len())]
        };
        let Some(row) = self.models.get(&id).map(|model| model.row.clone()) else {
            return;
        };
        let worker = match row.worker {
            Some(worker) if !self.dice.one_in(8) => worker,
            _ => self.worker().to_owned(),
        };
        let attempt = row.attempt.saturating_sub(u32::from(self.dice.one_in(8)));
        let outcome = self.outcome();
        let result = AttemptResult {
            job_id: id,
            log: self.log(),
            ..result(0, attempt, &worker, at(self.now), outcome)
        };
        self.last_result = Some(result.clone());
        self.expect_recorded(result).await;
    }

    fn outcome(&mut self) -> Outcome {
        let run_at = at(self.now + self.dice.below(10).cast_signed());
        let error = "no".to_owned();
        match self.dice.below(8) {
            0 | 1 => Outcome::Completed { result: None },
            2 => Outcome::Failed { error },
            3 => Outcome::HandedBack { run_at },
            4 => Outcome::Cancelled { reason: error },
            _ => Outcome::Retry { error, run_at },
        }
    }

    fn log(&mut self) -> Vec<LogLine> {
        let line = |number: u64| LogLine {
            at: at(self.now),
            text: format!("line {number} at {}", self.now),
        };
        (0..self.dice.below(3)).map(line).collect()
    }

    pub(super) async fn repeat_result(&mut self) {
        if let Some(result) = self.last_result.clone() {
            self.expect_recorded(result).await;
        }
    }

    pub(super) async fn expect_recorded(&mut self, result: AttemptResult) {
        let answer = self.store.record(vec![result.clone()]).await.remove(0);
        let Some(model) = self.models.get_mut(&result.job_id) else {
            assert_eq!(answer, Recorded::Stale);
            return;
        };
        let what = format!("{result:?} of {:?}: {answer:?}", model.row);
        let ended = apply(model, &result);
        match &answer {
            Recorded::Applied { event, .. } => {
                let known = model.results.get(&result.attempt);
                let known = known.map(|(known, event)| (known.at, &known.worker, *event));
                assert_eq!(known, Some((result.at, &result.worker, kind(event))), "{what}");
                model.tell(std::slice::from_ref(event));
            }
            Recorded::Stale => {
                let known = model.results.get(&result.attempt).map(|(known, _)| known);
                assert_ne!(known, Some(&result), "{what}");
            }
        }
        if let (true, Recorded::Applied { makes_room, .. }) = (ended, answer) {
            self.left(result.job_id, Some(makes_room)).await;
        }
    }

    pub(super) async fn heartbeat(&mut self) {
        let worker = self.worker();
        let lease = self.dice.below(30).cast_signed();
        self.heartbeat_of(worker, lease).await;
    }

    pub(super) async fn heartbeat_of(&mut self, worker: &'static str, lease: i64) {
        let until = self
            .leases
            .get(worker)
            .map_or(0, |until| *until)
            .max(self.now + lease);
        self.store.heartbeat(worker, at(until)).await;
        self.leases.insert(worker, until);
    }

    pub(super) async fn retire(&mut self) {
        let worker = self.worker();
        self.store.retire(worker).await;
        self.leases.remove(worker);
    }

    pub(super) async fn reap(&mut self) {
        let now = self.now;
        let mut dead = Vec::new();
        for model in self.models.values_mut().filter(|model| model.runs()) {
            let worker = model.row.worker.clone().unwrap_or_default();
            if self.leases.get(&*worker).is_none_or(|until| *until < now) {
                dead.push(model.job.id);
                let event_type = model.row.crash(at(now));
                model.note_without_message(event_type);
            }
        }
        assert_eq!(
            self.store.reap(at(now)).await,
            dead.len(),
            "attempts of dead workers"
        );
        for id in dead {
            self.left(id, None).await;
        }
    }
}

/// Applies a result to a job, and says whether it stands now and has not before.
fn apply(model: &mut Model, result: &AttemptResult) -> bool {
    let Some(event_type) = model.row.finish(result) else {
        return false;
    };
    let event = model.note(event_type);
    if model.row.relay {
        model.relayed.insert(event);
    }
    model.results.insert(result.attempt, (result.clone(), event));
    if !result.log.is_empty() {
        model.logs.push(AttemptLog {
            attempt: result.attempt,
            lines: result.log.clone(),
        });
    }
    true
}
