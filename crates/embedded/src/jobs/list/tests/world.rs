//! A few thousand jobs in all states, and what is known of them without any index.

use std::sync::Arc;

use bytes::Bytes;
use contracts::{JobStatus, Priority};
use domain::limits::Limits;
use domain::query::{Body, Facts, Query};
use domain::{AttemptResult, Outcome};
use jiff::Timestamp;
use ports::{ClaimRequest, ClaimTicket, Command, JobDetail, LimitChange, NewJob};
use uuid::Uuid;

use crate::jobs::fixtures::{self, Desk, at};
use crate::jobs::{admit, claim, command, detail, leases, record};
use crate::writer::Attendant;

/// How many jobs come at a time, with the same fate but for what their numbers say.
const BATCH: u64 = 100;

/// When everything is asked.
pub(super) fn now() -> Timestamp {
    at(100_000)
}

/// A database and the jobs that were put into it, by arrival.
pub(super) struct World {
    pub(super) desk: Desk,
    jobs: Vec<Arc<NewJob>>,
    claims: u64,
}

/// A job as it is now.
pub(super) struct Known {
    job: Arc<NewJob>,
    detail: JobDetail,
    body: Body,
}

impl World {
    pub(super) fn new() -> Self {
        let desk = Desk::new();
        let paused = Limits {
            paused: true,
            ..Limits::default()
        };
        let change = LimitChange::Of("paused".to_owned(), paused);
        desk.write(|table| {
            let connection = table.connection();
            table.limits()?.change(connection, &change)
        });
        Self {
            desk,
            jobs: Vec::new(),
            claims: 0,
        }
    }

    pub(super) fn reopen(self) -> Self {
        Self {
            desk: self.desk.reopen(),
            ..self
        }
    }

    /// So many more jobs come, and meet their fates.
    pub(super) fn go_on(&mut self, count: u64) {
        let first = self.jobs.len() as u64;
        let numbers: Vec<u64> = (first..first + count).collect();
        for numbers in numbers.chunks(usize::try_from(BATCH).unwrap()) {
            let jobs: Vec<_> = numbers.iter().map(|number| Arc::new(job(*number))).collect();
            self.jobs.extend(jobs.iter().cloned());
            self.admit_and_run(numbers, &jobs);
        }
    }

    fn admit_and_run(&mut self, numbers: &[u64], jobs: &[Arc<NewJob>]) {
        self.desk.write(|table| admit::admit(table, jobs, at(99_000)));
        let started = jobs.iter().zip(numbers).filter(|(_, number)| *number % 7 != 0);
        let requests: Vec<_> = started
            .map(|(job, _)| ClaimRequest {
                job: Arc::clone(job),
                attempt: 1,
                dispatched: false,
            })
            .collect();
        self.claims += 1;
        let ticket = ClaimTicket {
            worker: format!("worker-{}", self.claims % 3),
            claim: self.claims,
            now: at(50_000 + self.claims.cast_signed()),
        };
        self.desk.write(|table| claim::claim(table, &ticket, &requests));
        let results: Vec<_> = numbers
            .iter()
            .filter_map(|number| result(*number, &ticket))
            .collect();
        self.desk.write(|table| record::record(table, &results));
        let withdrawn: Vec<_> = numbers
            .iter()
            .filter(|number| *number % 35 == 0)
            .map(|number| id(*number))
            .collect();
        self.command(&withdrawn, Command::Cancel);
    }

    /// Jobs of before change, whether they are indexed or not.
    pub(super) fn change(&mut self) {
        let ids =
            |divisor: usize| -> Vec<Uuid> { self.jobs.iter().step_by(divisor).map(|job| job.id).collect() };
        self.command(&ids(97), Command::Retry);
        self.command(&ids(61), Command::Cancel);
        self.command(&ids(83), Command::Delete);
        let retrying: Vec<_> = self.jobs.iter().step_by(13).cloned().collect();
        let requests: Vec<_> = retrying
            .iter()
            .map(|job| ClaimRequest {
                job: Arc::clone(job),
                attempt: 2,
                dispatched: true,
            })
            .collect();
        let ticket = ClaimTicket {
            worker: "late".to_owned(),
            claim: 1_000_000,
            now: at(98_000),
        };
        self.desk.write(|table| claim::claim(table, &ticket, &requests));
        let results: Vec<_> = retrying
            .iter()
            .step_by(2)
            .map(|job| failure(job.id, 2, "late", at(98_500), "a late error"))
            .collect();
        self.desk.write(|table| record::record(table, &results));
        self.desk.write(|table| leases::reap(table, at(98_900), 20));
    }

    /// The first and the latest jobs go, as far as they have ended.
    pub(super) fn remove_ends(&mut self) {
        let ids: Vec<_> = self.jobs.iter().map(|job| job.id).collect();
        self.command(&ids[ids.len() - 400..], Command::Cancel);
        self.command(&ids[ids.len() - 400..], Command::Delete);
        self.command(&ids[..1_100], Command::Cancel);
        self.command(&ids[..1_100], Command::Delete);
    }

    fn command(&self, ids: &[Uuid], command: Command) {
        self.desk
            .write(|table| command::command(table, ids, command, at(98_000)));
    }

    /// The next job's number is so much higher, as if those between had come and gone.
    pub(super) fn leap(&mut self, distance: i64) {
        let number = self.jobs.len() as u64;
        self.jobs.push(Arc::new(job(number)));
        self.desk
            .write(|table| admit::admit(table, &self.jobs[self.jobs.len() - 1..], at(99_000)));
        let connection = &self.desk.connection;
        let latest: i64 = connection
            .query_row("SELECT max(seq) FROM jobs", [], |row| row.get(0))
            .unwrap();
        for table in ["jobs", "job_bodies", "job_logs", "job_holds", "job_waits"] {
            let sql = format!("UPDATE {table} SET seq = seq + ?2 WHERE seq = ?1");
            connection.execute(&sql, [latest, distance]).unwrap();
        }
        let job_type = self.jobs[self.jobs.len() - 1].job_type.as_bytes();
        let sql = "INSERT INTO job_types (job_type, chunk) VALUES (?1, ?2)";
        connection
            .execute(sql, rusqlite::params![job_type, (latest + distance) >> 10])
            .unwrap();
        // What is remembered of it is not so any more.
        self.desk.recent.rolled_back();
    }

    /// Everything that is there, newest first.
    pub(super) fn known(&self) -> Vec<Known> {
        let detail_of = |job: &Arc<NewJob>| {
            let detail = detail::job(&self.desk.connection, job.id).unwrap()?;
            Some(Known {
                job: Arc::clone(job),
                body: serde_json::from_slice(&job.body).unwrap(),
                detail,
            })
        };
        self.jobs.iter().rev().filter_map(detail_of).collect()
    }

    /// What the query means.
    pub(super) fn matches(known: &[Known], query: &Query) -> Vec<Uuid> {
        let matching = known.iter().filter(|known| query.matches(&known.facts(), now()));
        matching.map(|known| known.job.id).collect()
    }
}

impl Known {
    fn facts(&self) -> Facts<'_> {
        let (job, detail, summary) = (&self.job, &self.detail, &self.detail.summary);
        let runs = summary.status == JobStatus::Executing;
        let worker = detail
            .history
            .iter()
            .rev()
            .find_map(|event| event.worker.as_deref());
        Facts {
            id: job.id,
            job_type: &job.job_type,
            status: summary.status,
            tags: &job.tags,
            priority: job.priority,
            unique_key: job.unique_key.as_deref(),
            schedule: job.schedule.as_deref(),
            held: summary.held,
            worker: worker.filter(|_| runs),
            error: summary.error.as_deref(),
            attempt: summary.attempt,
            failures: detail.failures,
            crashes: detail.crashes,
            accepted_at: job.accepted_at,
            created_at: summary.created_at,
            updated_at: summary.updated_at,
            wake_at: summary.wake_at,
            payload: self.body.payload.as_ref(),
            metadata: self.body.metadata.as_ref(),
        }
    }
}

/// Identifiers that begin alike in groups of 256.
fn id(number: u64) -> Uuid {
    Uuid::from_u128(u128::from(number / 256) << 100 | u128::from(number) << 8 | 1)
}

fn job(number: u64) -> NewJob {
    let pick =
        |texts: &[&str], by: u64| texts[usize::try_from(number / by).unwrap() % texts.len()].to_owned();
    let mut tags = vec![pick(&["eu", "us", "Asia-East", ""], 2)];
    if number % 500 == 3 {
        tags.push("VIP customer".to_owned());
    }
    if number == 700 {
        tags.push("only once".to_owned());
    }
    let spread = if number % 900 == 5 {
        (0..100).collect()
    } else {
        Vec::new()
    };
    let body = serde_json::json!({
        "payload": {"number": number, "group": number % 10, "name": pick(&["Ann", "Bob"], 5), "spread": spread},
        "metadata": {"deep": {"a.b": number % 300}},
    });
    let job_type = match number {
        _ if number % 1_000 == 9 => "rare.kind",
        _ if number % 50 == 11 => "paused",
        _ if number < 1_000 => "old.kind",
        _ => ["mail.send", "mail.fetch", "report"][usize::try_from(number % 3).unwrap()],
    };
    let moment = at(number.cast_signed() * 10);
    NewJob {
        id: id(number),
        job_type: job_type.to_owned(),
        created_at: moment - std::time::Duration::from_secs(number % 100),
        accepted_at: moment,
        tags,
        priority: Priority::ALL[usize::try_from(number / 3 % 3).unwrap()],
        run_at: (number % 90 == 4).then(|| at(150_000)),
        unique_key: (number % 20 == 1).then(|| format!("key-{}", number % 400)),
        schedule: (number % 30 == 2).then(|| pick(&["nightly", "hourly"], 30)),
        body: Bytes::from(body.to_string()),
        ..fixtures::job(0)
    }
}

fn result(number: u64, ticket: &ClaimTicket) -> Option<AttemptResult> {
    let ended = ticket.now + std::time::Duration::from_secs(number % 10);
    let error = match number % 12 {
        0 => "connection refused",
        1 if number.is_multiple_of(5) => "Timed Out after 30 s",
        2 if number % 400 == 2 => "an error that is rare",
        3 => return None,
        _ => {
            let outcome = Outcome::Completed { result: None };
            return Some(AttemptResult {
                outcome,
                ..failure(id(number), 1, &ticket.worker, ended, "")
            });
        }
    };
    let mut result = failure(id(number), 1, &ticket.worker, ended, error);
    if number.is_multiple_of(2) {
        result.outcome = Outcome::Retry {
            error: error.to_owned(),
            run_at: if number.is_multiple_of(3) {
                at(99_990)
            } else {
                at(200_000)
            },
        };
    }
    Some(result)
}

fn failure(job_id: Uuid, attempt: u32, worker: &str, at: Timestamp, error: &str) -> AttemptResult {
    AttemptResult {
        job_id,
        attempt,
        worker: worker.to_owned(),
        at,
        run_micros: 1_000,
        outcome: Outcome::Failed {
            error: error.to_owned(),
        },
        log: Vec::new(),
    }
}
