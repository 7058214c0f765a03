//! How many jobs per second the job store carries: their admission, their claim and their result, in batches like those
//! of a processor, without bus, HTTP, JSON or handlers.
//!
//! ```text
//! cargo run --release -p postgres-adapter --example throughput -- URL [JOBS] [BATCH] [WORKERS] [ADMITTED] [apart]
//! ```
//!
//! `WORKERS` tasks claim `BATCH` jobs at a time and record their results; of a hundred jobs, `ADMITTED` are admitted
//! before their claim, `apart` by another store, as by another process.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use contracts::Priority;
use domain::{AttemptResult, Clock, Ids, Outcome, RandomIds, SystemClock};
use ports::{Claim, ClaimRequest, ClaimTicket, JobStore, NewJob, Recorded};
use postgres_adapter::{Options, PostgresStore};
use tokio::task::JoinSet;

type Failed = Box<dyn std::error::Error + Send + Sync>;

struct Load {
    store: Arc<PostgresStore>,
    /// Who admits.
    ledger: Arc<PostgresStore>,
    left: AtomicUsize,
    claims: AtomicUsize,
    batch: usize,
    admitted: usize,
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_apart = arguments.pop_if(|last| last == "apart").is_some();
    let mut arguments = arguments.into_iter();
    let url = arguments.next().ok_or("the URL of a database is missing")?;
    let mut numbers = arguments.map(|text| text.parse::<usize>());
    let jobs = numbers.next().transpose()?.unwrap_or(100_000);
    let batch = numbers.next().transpose()?.unwrap_or(100);
    let workers = numbers.next().transpose()?.unwrap_or(2);
    let admitted = numbers.next().transpose()?.unwrap_or(0);
    let open = || PostgresStore::open(&url, Options::new(Arc::new(SystemClock)));
    let store = open()?;
    let load = Arc::new(Load {
        ledger: if is_apart { open()? } else { Arc::clone(&store) },
        store,
        left: AtomicUsize::new(jobs),
        claims: AtomicUsize::new(1),
        batch,
        admitted,
    });
    load.store.ping(Duration::from_secs(10)).await?;
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for worker in 0..workers {
        tasks.spawn(work(
            Arc::clone(&load),
            format!("worker-{worker}-{}", std::process::id()),
        ));
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a number of jobs")]
    let rate = jobs as f64 / started.elapsed().as_secs_f64();
    writeln!(std::io::stdout(), "{rate:.0} jobs/s")?;
    Ok(())
}

async fn work(load: Arc<Load>, worker: String) -> Result<(), Failed> {
    let lease = SystemClock.now() + Duration::from_hours(1);
    load.store.heartbeat(&worker, lease).await?;
    let take = |left: usize| left.checked_sub(load.batch);
    while load
        .left
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
        .is_ok()
    {
        let jobs: Vec<Arc<NewJob>> = (0..load.batch).map(|_| Arc::new(job())).collect();
        let early = jobs
            .iter()
            .take(load.batch * load.admitted / 100)
            .cloned()
            .collect();
        load.ledger.admit(early, lease).await?;
        let ticket = ClaimTicket {
            worker: worker.clone(),
            claim: u64::try_from(load.claims.fetch_add(1, Ordering::Relaxed))?
                + SystemClock.now().as_microsecond().unsigned_abs(),
            now: SystemClock.now(),
        };
        let wish = |job| ClaimRequest {
            job,
            attempt: 1,
            dispatched: false,
        };
        let claims = load
            .store
            .claim(&ticket, jobs.into_iter().map(wish).collect())
            .await?;
        let results = claims.iter().filter_map(|claim| result(claim, &worker)).collect();
        let recorded = load.store.record(results).await?;
        assert!(
            recorded
                .iter()
                .all(|recorded| matches!(recorded, Recorded::Applied { .. }))
        );
        assert_eq!(recorded.len(), load.batch);
    }
    Ok(())
}

fn job() -> NewJob {
    let (id, now) = (RandomIds.next(), SystemClock.now());
    let text = format!(
        "{{\"id\":\"{id}\",\"type\":\"echo\",\"status\":\"PENDING\",\"createdAt\":\"{now}\",\
         \"payload\":{{\"message\":\"hello\",\"number\":{}}},\"tags\":[\"eu\",\"bench\"]}}",
        now.as_microsecond()
    );
    NewJob {
        id,
        job_type: "echo".to_owned(),
        created_at: now,
        accepted_at: now,
        correlation_id: id,
        traceparent: Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned()),
        tags: vec!["eu".to_owned(), "bench".to_owned()],
        priority: Priority::Normal,
        run_at: None,
        unique_key: None,
        schedule: None,
        body: Bytes::from(text),
    }
}

fn result(claim: &Claim, worker: &str) -> Option<AttemptResult> {
    let Claim::Started(started) = claim else {
        return None;
    };
    Some(AttemptResult {
        job_id: started.event.job_id,
        attempt: started.attempt,
        worker: worker.to_owned(),
        at: SystemClock.now(),
        run_micros: 250,
        outcome: Outcome::Completed {
            result: Some("{\"message\":\"hello\"}".to_owned()),
        },
        log: Vec::new(),
    })
}
