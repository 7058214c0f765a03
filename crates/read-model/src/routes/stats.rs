//! `GET /stats`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use contracts::EventType;
use http::Uri;
use jiff::{SignedDuration, Timestamp};
use ports::{Queue, QueueDepth, StatsBucket, StatsSnapshot};
use service::problem::{Problem, ProblemDocument};
use service::query::Query;

use crate::read_model::Shared;
use crate::stats::{InFlight, recent_rate};
use crate::views::StatsView;
use service::ask::Part;

/// All numbers at one moment
///
/// They follow from the events and may be a moment behind the jobs. When the queues do not answer, `queues` is
/// empty and `degraded` says so.
#[utoipa::path(
    get,
    path = "/stats",
    tag = "stats",
    responses(
        (status = 200, description = "The numbers.", body = StatsView, example = json!({
            "totalJobs": 120, "completedJobs": 100, "failedJobs": 5, "lastEventTime": "2026-01-02T03:04:05.123456Z",
            "pendingJobs": 10, "executingJobs": 4, "retryingJobs": 1, "cancelledJobs": 0, "quarantinedJobs": 0,
            "retries": 7, "jobsPerSecond": 12.5,
            "byType": [{"type": "echo", "total": 120, "completed": 100, "failed": 5}],
            "queues": [{"name": "jobs.created", "ready": 10, "unacknowledged": 4}], "degraded": [],
        })),
        (status = 400, description = "A parameter is unknown.", body = ProblemDocument, content_type = "application/problem+json"),
        (status = 503, description = "The live stats are away: no zeros in their place.", body = ProblemDocument, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn stats(State(shared): State<Arc<Shared>>, uri: Uri) -> Result<Json<StatsView>, Problem> {
    Query::parse(&uri, &[])?;
    let now = shared.clock.now();
    let since = now
        .saturating_sub(SignedDuration::from_secs(120))
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let (snapshot, recent, depths) = tokio::join!(
        shared.questions.ask(Part::LiveStats, shared.stats.snapshot()),
        shared.questions.ask(Part::LiveStats, shared.stats.history(since)),
        shared.depths(),
    );
    let (snapshot, recent) = (snapshot?, recent?);
    let mut degraded = Vec::new();
    let depths = depths.unwrap_or_else(|error| {
        degraded.push(format!("queues: {error}"));
        Vec::new()
    });
    let rate = rate(&shared, now, &snapshot, &recent);
    Ok(Json(view(snapshot, rate, &depths, degraded)))
}

fn rate(shared: &Shared, now: Timestamp, snapshot: &StatsSnapshot, recent: &[StatsBucket]) -> f64 {
    let observed = shared
        .throughput
        .observe(now, snapshot.count(EventType::Completed));
    observed.unwrap_or_else(|| recent_rate(now, recent))
}

fn view(snapshot: StatsSnapshot, rate: f64, depths: &[QueueDepth], degraded: Vec<String>) -> StatsView {
    let work = depths.iter().find(|depth| depth.queue == Queue::Work);
    let in_flight = InFlight::of(&snapshot, work);
    StatsView {
        total_jobs: snapshot.count(EventType::Created),
        completed_jobs: snapshot.count(EventType::Completed),
        failed_jobs: snapshot.count(EventType::Failed),
        last_event_time: snapshot.last_event.map(|at| at.to_string()).unwrap_or_default(),
        pending_jobs: in_flight.pending,
        executing_jobs: in_flight.executing,
        retrying_jobs: in_flight.retrying,
        cancelled_jobs: snapshot.count(EventType::Cancelled),
        quarantined_jobs: snapshot.count(EventType::Quarantined),
        retries: snapshot.count(EventType::Retrying),
        jobs_per_second: rate,
        by_type: snapshot.types.into_iter().map(Into::into).collect(),
        queues: depths.iter().map(Into::into).collect(),
        degraded,
    }
}
