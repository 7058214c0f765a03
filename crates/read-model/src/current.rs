//! All numbers at one moment, for who asks and for who follows them.

use contracts::EventType;
use jiff::{SignedDuration, Timestamp};
use ports::{QueueDepth, StatsBucket, StatsSnapshot};
use service::ask::Part;
use service::problem::Problem;

use crate::read_model::Shared;
use crate::stats::{InFlight, recent_rate};
use crate::views::StatsView;

/// How far back the minutes go from which a first rate is told, in seconds.
const RECENT: i64 = 120;

/// What can be told although the part that knows it may be away.
struct Beside {
    depths: Vec<QueueDepth>,
    dead_letters: Option<u64>,
    degraded: Vec<String>,
}

/// The numbers now. What the queues and the event log say is left out, and said to be, while they are away.
///
/// # Errors
/// 503 when the live stats are away.
pub(crate) async fn numbers(shared: &Shared) -> Result<StatsView, Problem> {
    let now = shared.clock.now();
    let since = now
        .saturating_sub(SignedDuration::from_secs(RECENT))
        .unwrap_or(Timestamp::UNIX_EPOCH);
    let (snapshot, recent, beside) = tokio::join!(
        shared.questions.ask(Part::LiveStats, shared.stats.snapshot()),
        shared.questions.ask(Part::LiveStats, shared.stats.history(since)),
        beside(shared),
    );
    let (snapshot, recent) = (snapshot?, recent?);
    let rate = rate(shared, now, &snapshot, &recent);
    Ok(view(snapshot, rate, beside))
}

async fn beside(shared: &Shared) -> Beside {
    let (depths, letters) = tokio::join!(shared.depths(), shared.open_dead_letters());
    let mut degraded = Vec::new();
    let depths = depths.unwrap_or_else(|error| {
        degraded.push(format!("queues: {error}"));
        Vec::new()
    });
    let dead_letters = letters
        .map_err(|problem| degraded.push(format!("dead letters: {}", problem.detail_text())))
        .ok();
    Beside {
        depths,
        dead_letters,
        degraded,
    }
}

fn rate(shared: &Shared, now: Timestamp, snapshot: &StatsSnapshot, recent: &[StatsBucket]) -> f64 {
    let observed = shared
        .throughput
        .observe(now, snapshot.count(EventType::Completed));
    observed.unwrap_or_else(|| recent_rate(now, recent))
}

fn view(snapshot: StatsSnapshot, rate: f64, beside: Beside) -> StatsView {
    let in_flight = InFlight::of(&snapshot, &beside.depths);
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
        dead_letters: beside.dead_letters,
        jobs_per_second: rate,
        by_type: snapshot.types.into_iter().map(Into::into).collect(),
        queues: beside.depths.iter().map(Into::into).collect(),
        degraded: beside.degraded,
    }
}
