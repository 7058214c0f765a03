//! The hot path: writes jobs to the gateway as fast as told and takes the time of each answer.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::pace::Ticker;
use super::sample::Sample;
use crate::api::quote;
use crate::http_client::{Answer, Session, Target};
use crate::job_ids::JobIds;
use crate::measure;

/// How long an answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// The pause before a request is repeated that the gateway turned away.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a request is repeated before the load fails.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a load consists of.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    /// How many jobs.
    pub(super) jobs: u64,
    /// How many in one request.
    pub(super) batch: u32,
    /// How many requests may be under way at once.
    pub(super) connections: usize,
    /// The jobs' identifiers.
    pub(super) ids: JobIds,
    /// What follows the identifier in each job's body.
    pub(super) rest: String,
}

impl Shape {
    /// How many requests it takes.
    pub(super) fn requests(&self) -> u64 {
        self.jobs.div_ceil(u64::from(self.batch))
    }
}

/// The moment at which a load began, on both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// For durations.
    pub(super) instant: Instant,
    /// For comparison with the server's records, in microseconds since 1970.
    pub(super) micros: i64,
}

/// A load under way.
#[derive(Debug)]
pub(super) struct Load {
    shape: Shape,
    gateway: Target,
    start: Start,
    pace: Option<(super::pace::Schedule, Ticker)>,
    next: AtomicU64,
    accepted: AtomicU64,
    turned_away: AtomicU64,
    latencies: Mutex<Histogram<u64>>,
    sample: Sample,
}

/// Why a load failed.
#[derive(Debug, thiserror::Error)]
#[error("submission failed: {0}")]
pub(super) struct LoadError(String);

impl Load {
    /// A load on `gateway`; with a pace it is sent at that, without one as fast as the answers come.
    pub(super) fn new(
        shape: Shape,
        gateway: Target,
        start: Start,
        pace: Option<(super::pace::Schedule, Ticker)>,
        sample: Sample,
    ) -> Arc<Self> {
        Arc::new(Self {
            shape,
            gateway,
            start,
            pace,
            next: AtomicU64::new(0),
            accepted: AtomicU64::new(0),
            turned_away: AtomicU64::new(0),
            latencies: Mutex::new(measure::histogram()),
            sample,
        })
    }

    /// Starts sending. The tasks end when all is sent, or at the first request that fails for good.
    pub(super) fn send(self: &Arc<Self>) -> JoinSet<Result<(), LoadError>> {
        let mut tasks = JoinSet::new();
        for _ in 0..self.shape.connections {
            tasks.spawn(Arc::clone(self).work());
        }
        tasks
    }

    /// How many jobs were accepted so far.
    pub(super) fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// How many requests the gateway turned away, each of which was repeated.
    pub(super) fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// From each request's due time to its answer.
    pub(super) fn latencies(&self) -> Histogram<u64> {
        self.latencies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The jobs to look up afterwards.
    pub(super) fn sample(&self) -> &Sample {
        &self.sample
    }

    /// The identifier of a job.
    pub(super) fn id(&self, job: u64) -> uuid::Uuid {
        self.shape.ids.id(job)
    }

    async fn work(self: Arc<Self>) -> Result<(), LoadError> {
        let mut session = Session::new(self.gateway.clone(), ANSWER_LIMIT);
        let mut body = String::new();
        while let Some((request, due)) = self.next_request().await {
            let first = request * u64::from(self.shape.batch);
            let jobs = first..(first + u64::from(self.shape.batch)).min(self.shape.jobs);
            self.write_body(&mut body, jobs.clone());
            let since = due.duration_since(self.start.instant);
            let submitted = self.start.micros + i64::try_from(since.as_micros()).unwrap_or(i64::MAX);
            jobs.clone().for_each(|job| self.sample.note(job, submitted));
            let count = jobs.end - jobs.start;
            self.submit(&mut session, &body).await?;
            self.record(due.elapsed(), count);
        }
        Ok(())
    }

    async fn next_request(&self) -> Option<(u64, Instant)> {
        if let Some((_, ticker)) = &self.pace {
            ticker.wait().await;
        }
        let request = self.next.fetch_add(1, Ordering::Relaxed);
        let due = match &self.pace {
            None => Instant::now(),
            Some((schedule, _)) => self.start.instant + schedule.due(request),
        };
        (request < self.shape.requests()).then_some((request, due))
    }

    fn write_body(&self, body: &mut String, jobs: std::ops::Range<u64>) {
        body.clear();
        let many = self.shape.batch > 1;
        for job in jobs {
            body.push(match (many, body.is_empty()) {
                (false, _) => ' ',
                (true, true) => '[',
                (true, false) => ',',
            });
            let (id, rest) = (self.shape.ids.id(job), &self.shape.rest);
            // Writing to a string cannot fail.
            let _ = write!(body, r#"{{"id":"{id}",{rest}}}"#);
        }
        if many {
            body.push(']');
        }
    }

    async fn submit(&self, session: &mut Session, body: &str) -> Result<(), LoadError> {
        let path = if self.shape.batch > 1 {
            "/jobs/batch"
        } else {
            "/jobs"
        };
        let begun = Instant::now();
        loop {
            let answer = session.post(path, "application/json", body.as_bytes()).await;
            let answer = answer.map_err(|error| LoadError(error.to_string()))?;
            match verdict(answer, self.shape.batch > 1) {
                Verdict::Accepted => return Ok(()),
                Verdict::Later if begun.elapsed() < PATIENCE => {
                    self.turned_away.fetch_add(1, Ordering::Relaxed);
                }
                _ => {
                    let words = format!("status {}: {}", answer.status, quote(answer.body));
                    return Err(LoadError(words));
                }
            }
            sleep(PAUSE).await;
        }
    }

    fn record(&self, latency: Duration, jobs: u64) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        let mut latencies = self.latencies.lock().unwrap_or_else(PoisonError::into_inner);
        latencies.saturating_record_n(micros, jobs);
        self.accepted.fetch_add(jobs, Ordering::Relaxed);
    }
}

/// What an answer says of a whole request.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// All its jobs are accepted.
    Accepted,
    /// There was no room for all; the same request again is no duplicate.
    Later,
    /// It will not be accepted.
    Refused,
}

fn verdict(answer: Answer<'_>, many: bool) -> Verdict {
    match answer.status {
        202 if !many || rejects_none(answer.body) => Verdict::Accepted,
        202 | 429 | 503 => Verdict::Later,
        _ => Verdict::Refused,
    }
}

fn rejects_none(body: &[u8]) -> bool {
    String::from_utf8_lossy(body).contains(r#""rejected":0"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(batch: u32) -> Arc<Load> {
        let shape = Shape {
            jobs: 5,
            batch,
            connections: 1,
            ids: JobIds::new(1, 1_700_000_000_000),
            rest: r#""type":"echo""#.into(),
        };
        let start = Start {
            instant: Instant::now(),
            micros: 0,
        };
        Load::new(shape, Target::local(1), start, None, Sample::new(1, 5))
    }

    #[test]
    fn bodies_are_one_job_or_an_array() {
        let mut body = String::new();
        load(1).write_body(&mut body, 3..4);
        let job: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(job["id"], load(1).id(3).to_string());
        load(2).write_body(&mut body, 3..5);
        let jobs: Vec<serde_json::Value> = serde_json::from_str(&body).unwrap();
        assert_eq!(jobs[1]["id"], load(2).id(4).to_string());
        assert_eq!(jobs[1]["type"], "echo");
    }

    #[test]
    fn the_last_batch_may_be_shorter() {
        assert_eq!(load(2).shape.requests(), 3);
        assert_eq!(load(1).shape.requests(), 5);
    }

    #[test]
    fn an_answer_is_judged_as_a_whole() {
        let judged = |status, body: &str, many| {
            let body = body.as_bytes();
            verdict(
                Answer {
                    status,
                    body,
                    head: b"",
                },
                many,
            )
        };
        assert_eq!(judged(202, "{}", false), Verdict::Accepted);
        assert_eq!(
            judged(202, r#"{"accepted":3,"rejected":0}"#, true),
            Verdict::Accepted
        );
        assert_eq!(
            judged(202, r#"{"accepted":2,"rejected":1}"#, true),
            Verdict::Later
        );
        assert_eq!(judged(503, "", true), Verdict::Later);
        assert_eq!(judged(400, "no", false), Verdict::Refused);
        assert_eq!(judged(200, "{}", false), Verdict::Refused);
    }
}
