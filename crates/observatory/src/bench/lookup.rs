//! When jobs started and ended, by the server's own records.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use contracts::EventType;
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use super::load::Load;
use crate::api::{ApiError, HistoryEvent, ReadModel};
use crate::http_client::Target;
use crate::measure;
use crate::progress::Progress;

/// How many jobs are looked up at once.
const CONNECTIONS: usize = 16;
/// How long one answer may take.
pub(super) const ANSWER_LIMIT: Duration = Duration::from_secs(10);

/// Latencies from submission, in microseconds.
#[derive(Clone, Debug)]
pub(super) struct Lives {
    /// To the start of the first attempt.
    pub(super) start: Histogram<u64>,
    /// To completion.
    pub(super) complete: Histogram<u64>,
}

#[derive(Debug)]
struct Shared {
    load: Arc<Load>,
    read_model: Target,
    next: AtomicUsize,
    progress: Progress,
}

/// Looks up the sampled jobs of a load.
pub(super) async fn look_up(
    load: &Arc<Load>,
    read_model: Target,
    progress: Progress,
) -> anyhow::Result<Lives> {
    let shared = Arc::new(Shared {
        load: Arc::clone(load),
        read_model,
        next: AtomicUsize::new(0),
        progress,
    });
    let mut tasks = JoinSet::new();
    for _ in 0..CONNECTIONS {
        tasks.spawn(Arc::clone(&shared).work());
    }
    let mut all = Lives::new();
    while let Some(part) = tasks.join_next().await {
        all.merge(&part??)?;
    }
    Ok(all)
}

impl Shared {
    async fn work(self: Arc<Self>) -> Result<Lives, ApiError> {
        let mut client = ReadModel::new(self.read_model.clone(), ANSWER_LIMIT);
        let mut lives = Lives::new();
        loop {
            let slot = self.next.fetch_add(1, Ordering::Relaxed);
            if slot >= self.load.sample().len() {
                return Ok(lives);
            }
            self.progress.show(slot as u64, "");
            if let Some((job, submitted)) = self.load.sample().get(slot) {
                let history = client.history(self.load.id(job)).await?;
                lives.add(submitted, &history);
            }
        }
    }
}

impl Lives {
    fn new() -> Self {
        Self {
            start: measure::histogram(),
            complete: measure::histogram(),
        }
    }

    fn merge(&mut self, other: &Self) -> anyhow::Result<()> {
        self.start.add(&other.start)?;
        self.complete.add(&other.complete)?;
        Ok(())
    }

    fn add(&mut self, submitted: i64, history: &[HistoryEvent]) {
        let first = |kind: EventType| history.iter().find(|event| event.event_type == kind);
        for (kind, latencies) in [
            (EventType::Executed, &mut self.start),
            (EventType::Completed, &mut self.complete),
        ] {
            if let Some(event) = first(kind) {
                let micros = event.occurred_at.as_microsecond() - submitted;
                latencies.saturating_record(u64::try_from(micros).unwrap_or(0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::HistoryPayload;
    use jiff::Timestamp;
    use uuid::Uuid;

    #[test]
    fn latencies_count_from_submission_to_the_first_start_and_the_completion() {
        let event = |event_type, micros| HistoryEvent {
            event_id: Uuid::nil(),
            event_type,
            occurred_at: Timestamp::from_microsecond(micros).unwrap(),
            payload: HistoryPayload::default(),
        };
        let mut lives = Lives::new();
        let history = [
            event(EventType::Created, 1_100),
            event(EventType::Executed, 1_500),
            event(EventType::Executed, 1_700),
            event(EventType::Completed, 1_900),
        ];
        lives.add(1_000, &history);
        assert_eq!((lives.start.max(), lives.complete.max()), (500, 900));
        lives.add(1_000, &history[..1]);
        assert_eq!((lives.start.len(), lives.complete.len()), (1, 1));
    }
}
