//! How many jobs per second the storage alone carries: every write of a job's life through the four ports, in
//! batches like those of the services, without HTTP, JSON or handlers.
//!
//! ```text
//! cargo run --release -p embedded --example pipeline -- [JOBS] [BATCH] [WINDOW]
//! ```
//!
//! `BATCH` jobs are submitted at a time while at most `WINDOW` are open.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use contracts::{EventType, Priority};
use domain::{AttemptResult, Clock, Ids, JobEvent, Outcome, RandomIds, SystemClock, event_id};
use embedded::{Database, OpenOptions};
use ports::{
    Claim, ClaimRequest, ClaimTicket, Delivery, EventBus, EventLog, Headers, JobStore, LiveStats,
    LoggedEvent, Message, NewJob, Queue, Recorded, Settle, StatEvent, Subscription,
};
use tokio::sync::Semaphore;
use uuid::Uuid;

type Failed = Box<dyn std::error::Error + Send + Sync>;

struct System {
    bus: Arc<dyn EventBus>,
    jobs: Arc<dyn JobStore>,
    log: Arc<dyn EventLog>,
    stats: Arc<dyn LiveStats>,
    count: usize,
    batch: usize,
    window: Semaphore,
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let count = arguments.next().transpose()?.unwrap_or(200_000);
    let batch = arguments.next().transpose()?.unwrap_or(100);
    let window = arguments.next().transpose()?.unwrap_or(4096);
    let directory = std::env::temp_dir().join(format!("observatory-pipeline-{}", std::process::id()));
    let database = Database::open(&directory, OpenOptions::new(Arc::new(SystemClock)))?;
    let system = Arc::new(System {
        bus: database.bus(),
        jobs: database.job_store(),
        log: database.event_log(),
        stats: database.live_stats(),
        count,
        batch,
        window: Semaphore::new(window.min(Semaphore::MAX_PERMITS)),
    });
    let started = Instant::now();
    let tasks = [
        tokio::spawn(submit(Arc::clone(&system))),
        tokio::spawn(submit(Arc::clone(&system))),
        tokio::spawn(ledger(Arc::clone(&system))),
        tokio::spawn(work(Arc::clone(&system))),
        tokio::spawn(metrics(Arc::clone(&system))),
    ];
    for task in tasks {
        task.await??;
    }
    let elapsed = started.elapsed();
    report(count, elapsed.as_secs_f64());
    database.close();
    print(&format!("file {} MB", size(&directory) / 1_000_000));
    std::fs::remove_dir_all(&directory)?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "numbers for people")]
fn report(count: usize, seconds: f64) {
    print(&format!(
        "{count} jobs in {seconds:.2} s: {:.0} jobs/s",
        count as f64 / seconds
    ));
    for (name, cpu) in threads() {
        print(&format!(
            "{name:>16} {:.1} us of CPU per job",
            cpu * 1e6 / count as f64
        ));
    }
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    peak.lines()
        .filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"))
        .for_each(print);
}

#[expect(clippy::print_stdout, reason = "the purpose of an example")]
fn print(line: &str) {
    println!("{line}");
}

/// CPU seconds by thread name, as Linux counts them.
#[expect(clippy::cast_precision_loss, reason = "numbers for people")]
fn threads() -> Vec<(String, f64)> {
    let mut sums: HashMap<String, f64> = HashMap::new();
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return Vec::new();
    };
    for task in tasks.flatten() {
        let name = std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        let times = std::fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
        let nanos: u64 = times
            .split(' ')
            .next()
            .and_then(|text| text.parse().ok())
            .unwrap_or(0);
        *sums.entry(name.trim().to_owned()).or_default() += nanos as f64 / 1e9;
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.total_cmp(&a.1));
    sums
}

fn size(directory: &Path) -> u64 {
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    files
        .filter_map(|file| file.metadata().ok())
        .map(|metadata| metadata.len())
        .sum()
}

async fn submit(system: Arc<System>) -> Result<(), Failed> {
    let mut left = system.count / 2;
    while left > 0 {
        let size = left.min(system.batch);
        system.window.acquire_many(u32::try_from(size)?).await?.forget();
        let messages: Vec<_> = (0..size).map(|_| created(RandomIds.next())).collect();
        system.bus.publish(ports::parcels(messages)).await?;
        left -= size;
    }
    Ok(())
}

fn created(id: Uuid) -> Message {
    message(EventType::Created, id, 480)
}

/// A message that begins with the job's identifier, so that nothing has to be parsed.
fn message(event_type: EventType, id: Uuid, size: usize) -> Message {
    let mut body = vec![b'x'; size];
    body[..16].copy_from_slice(id.as_bytes());
    Message {
        routing_key: event_type.as_str().into(),
        headers: Headers {
            correlation_id: Some(id),
            ..Headers::default()
        },
        body: Bytes::from(body),
    }
}

fn id_of(delivery: &Delivery) -> Uuid {
    Uuid::from_slice(&delivery.message.body[..16]).unwrap_or_default()
}

fn new_job(delivery: &Delivery) -> Arc<NewJob> {
    let id = id_of(delivery);
    let now = SystemClock.now();
    Arc::new(NewJob {
        id,
        job_type: "echo".to_owned(),
        created_at: now,
        accepted_at: now,
        correlation_id: id,
        traceparent: None,
        tags: Vec::new(),
        priority: Priority::default(),
        run_at: None,
        unique_key: None,
        schedule: None,
        body: delivery.message.body.slice(..280),
    })
}

async fn ack(subscription: &Arc<dyn Subscription>, deliveries: &[Delivery]) -> Result<(), Failed> {
    let acks = deliveries
        .iter()
        .map(|delivery| (delivery.tag, Settle::Ack))
        .collect();
    Ok(subscription.settle(acks).await?)
}

async fn ledger(system: Arc<System>) -> Result<(), Failed> {
    let subscription = system.bus.subscribe(Queue::Ledger, 512).await?;
    let mut left = system.count;
    while left > 0 {
        let deliveries = subscription.next(512).await?;
        let jobs = deliveries.iter().map(new_job).collect();
        let wake_at = SystemClock.now() + std::time::Duration::from_mins(5);
        system.jobs.admit(jobs, wake_at).await?;
        ack(&subscription, &deliveries).await?;
        left -= deliveries.len();
    }
    Ok(())
}

async fn work(system: Arc<System>) -> Result<(), Failed> {
    let subscription = system.bus.subscribe(Queue::Work, 1024).await?;
    let worker = "processor-4711-0123456789ab".to_owned();
    system
        .jobs
        .heartbeat(&worker, SystemClock.now() + std::time::Duration::from_mins(5))
        .await?;
    let (mut left, mut claim) = (system.count, 0);
    let mut open = tokio::task::JoinSet::new();
    while left > 0 {
        let deliveries = subscription.next(256).await?;
        left -= deliveries.len();
        claim += 1;
        let ticket = ClaimTicket {
            worker: worker.clone(),
            claim,
            now: SystemClock.now(),
        };
        let wishes = deliveries.iter().map(|delivery| ClaimRequest {
            job: new_job(delivery),
            attempt: 1,
            dispatched: false,
        });
        let claims = system.jobs.claim(&ticket, wishes.collect()).await?;
        let (system, subscription) = (Arc::clone(&system), Arc::clone(&subscription));
        open.spawn(async move { finish(&system, &subscription, deliveries, claims).await });
    }
    while let Some(done) = open.join_next().await {
        done??;
    }
    Ok(())
}

async fn finish(
    system: &System,
    subscription: &Arc<dyn Subscription>,
    deliveries: Vec<Delivery>,
    claims: Vec<Claim>,
) -> Result<(), Failed> {
    let started: Vec<JobEvent> = claims
        .into_iter()
        .filter_map(|claim| match claim {
            Claim::Started(started) => Some(started.event),
            _ => None,
        })
        .collect();
    let results = started.iter().map(result).collect();
    let recorded = system.jobs.record(results).await?;
    if !recorded
        .iter()
        .all(|answer| matches!(answer, Recorded::Applied { .. }))
    {
        return Err("a result was refused".into());
    }
    let messages = started.iter().flat_map(|event| {
        [EventType::Executed, EventType::Completed].map(|kind| message(kind, event.job_id, 440))
    });
    system.bus.publish(ports::parcels(messages)).await?;
    system.window.add_permits(deliveries.len());
    ack(subscription, &deliveries).await
}

fn result(started: &JobEvent) -> AttemptResult {
    AttemptResult {
        job_id: started.job_id,
        attempt: started.attempt,
        worker: started.worker.clone().unwrap_or_default(),
        at: SystemClock.now(),
        run_micros: 12,
        outcome: Outcome::Completed {
            result: Some("{\"echo\":true}".to_owned()),
        },
        log: Vec::new(),
    }
}

async fn metrics(system: Arc<System>) -> Result<(), Failed> {
    let subscription = system.bus.subscribe(Queue::Events, 2048).await?;
    let mut left = system.count * 3;
    while left > 0 {
        let deliveries = subscription.next(2048).await?;
        let logged = deliveries.iter().map(logged).collect();
        let counted = deliveries.iter().map(counted).collect();
        let (new, counted) = tokio::join!(system.log.append(logged), system.stats.apply(counted));
        if (new?, counted?) != (deliveries.len(), deliveries.len()) {
            return Err("an event was known already".into());
        }
        ack(&subscription, &deliveries).await?;
        left -= deliveries.len();
    }
    Ok(())
}

fn kind(delivery: &Delivery) -> (EventType, Uuid, Uuid) {
    let event_type = delivery.message.routing_key.parse().unwrap_or(EventType::Created);
    let id = id_of(delivery);
    (event_type, id, event_id(id, 1, event_type))
}

fn logged(delivery: &Delivery) -> LoggedEvent {
    let (event_type, job_id, event_id) = kind(delivery);
    LoggedEvent {
        event_id,
        job_id,
        event_type,
        occurred_at: SystemClock.now(),
        body: delivery.message.body.clone(),
    }
}

fn counted(delivery: &Delivery) -> StatEvent {
    let (event_type, job_id, event_id) = kind(delivery);
    StatEvent {
        event_id,
        job_id,
        job_type: "echo".to_owned(),
        event_type,
        at: SystemClock.now(),
        attempt_ended: false,
        failure: None,
    }
}
