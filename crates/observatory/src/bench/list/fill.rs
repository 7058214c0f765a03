//! Submits the jobs that are asked about.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::bail;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::questions::{TAGS, TYPES, USERS};
use crate::api::{ReadModel, Stats, quote};
use crate::http_client::{Session, Target};
use crate::job_ids::JobIds;
use crate::progress::Progress;
use crate::seeded::{Stream, draw_below};

/// How many jobs are put into one request.
const BATCH: u64 = 1_000;
/// How many requests are under way at once.
const CONNECTIONS: usize = 8;
/// How long the gateway may take for one.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);
/// The pause before a request is repeated that was turned away.
const PAUSE: Duration = Duration::from_millis(50);
/// How long it is repeated, and how long the counters may stand still afterwards.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the counters are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Jobs by seed and index.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fill {
    seed: u64,
    jobs: u64,
    ids: JobIds,
}

/// What becomes of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Completed,
    Failed,
    Scheduled,
}

impl Fill {
    /// So many jobs, whose identifiers pretend to be made from `base_millis` on.
    pub(super) fn new(seed: u64, jobs: u64, base_millis: u64) -> Self {
        let ids = JobIds::new(seed, base_millis);
        Self { seed, jobs, ids }
    }

    fn draw(&self, stream: Stream, index: u64, bound: u64) -> u64 {
        draw_below(self.seed, stream, index, bound)
    }

    fn end(&self, index: u64) -> End {
        match self.draw(Stream::Kind, index, 10) {
            0..7 => End::Completed,
            7..9 => End::Failed,
            _ => End::Scheduled,
        }
    }

    fn write_job(&self, body: &mut String, index: u64) {
        let id = self.ids.id(index);
        let user = self.draw(Stream::Sleep, index, USERS);
        let tag = usize::try_from(self.draw(Stream::Repeat, index, TAGS.len() as u64)).unwrap_or(0);
        let number = self.draw(Stream::Batch, index, TYPES);
        let (job_type, delay) = match self.end(index) {
            End::Completed => ("echo".to_owned(), ""),
            End::Failed => (format!("bench.{number}"), ""),
            End::Scheduled => ("echo".to_owned(), r#","delay":"1d""#),
        };
        let priority = ["high", "normal", "normal", "low"][tag];
        let tag = TAGS[tag];
        // Writing to a string cannot fail.
        let _ = writeln!(
            body,
            r#"{{"id":"{id}","type":"{job_type}","payload":{{"user":{{"id":{user}}},"n":{index}}},"tags":["{tag}"],"priority":"{priority}"{delay}}}"#
        );
    }

    /// Submits all of them.
    ///
    /// # Errors
    /// When one is refused for good.
    pub(super) async fn run(self, gateway: Target, quiet: bool) -> anyhow::Result<()> {
        let progress = Arc::new(Progress::start("submitting", self.jobs, quiet));
        let next = Arc::new(AtomicU64::new(0));
        let mut tasks = JoinSet::new();
        for _ in 0..CONNECTIONS {
            let (next, progress) = (Arc::clone(&next), Arc::clone(&progress));
            tasks.spawn(self.work(gateway.clone(), next, progress));
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    }

    async fn work(
        self,
        gateway: Target,
        next: Arc<AtomicU64>,
        progress: Arc<Progress>,
    ) -> anyhow::Result<()> {
        let mut session = Session::new(gateway, ANSWER_LIMIT);
        let mut body = String::new();
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            if first >= self.jobs {
                return Ok(());
            }
            body.clear();
            (first..(first + BATCH).min(self.jobs)).for_each(|index| self.write_job(&mut body, index));
            submit(&mut session, &body).await?;
            progress.show(first, "");
        }
    }

    /// Waits until every job has settled: ended, or put off until tomorrow.
    ///
    /// # Errors
    /// When the counters stand still before that.
    pub(super) async fn settle(
        &self,
        client: &mut ReadModel,
        before: &Stats,
        quiet: bool,
    ) -> anyhow::Result<()> {
        let scheduled = (0..self.jobs)
            .filter(|index| self.end(*index) == End::Scheduled)
            .count() as u64;
        let progress = Progress::start("settling", self.jobs, quiet);
        let mut last = (0, Instant::now());
        loop {
            let stats = client.stats().await?;
            let created = stats.total_jobs.saturating_sub(before.total_jobs);
            let ended = stats.ended().saturating_sub(before.ended());
            if created >= self.jobs && ended + scheduled >= self.jobs {
                return Ok(());
            }
            progress.show(ended, "");
            if created + ended != last.0 {
                last = (created + ended, Instant::now());
            } else if last.1.elapsed() > PATIENCE {
                bail!(
                    "{ended} of {} jobs have ended, and none more within {PATIENCE:?}",
                    self.jobs - scheduled
                );
            }
            sleep(LOOK).await;
        }
    }
}

/// Submits a batch until all of it is accepted: what is submitted again is the same job.
async fn submit(session: &mut Session, body: &str) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let answer = session
            .post("/jobs/batch", "application/x-ndjson", body.as_bytes())
            .await?;
        let all = answer.status == 202 && String::from_utf8_lossy(answer.body).contains(r#""rejected":0"#);
        if all {
            return Ok(());
        }
        if !matches!(answer.status, 202 | 429 | 503) || Instant::now() > deadline {
            bail!("a batch is answered {}: {}", answer.status, quote(answer.body));
        }
        sleep(PAUSE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_valid_and_the_ends_are_spread_as_told() {
        let fill = Fill::new(1, 10_000, 1_700_000_000_000);
        let mut ends = [0_u32; 3];
        for index in 0..fill.jobs {
            ends[fill.end(index) as usize] += 1;
            let mut line = String::new();
            fill.write_job(&mut line, index);
            let job = serde_json::from_str(&line).unwrap();
            assert_eq!(contracts::validator().submission(&job), Ok(()), "{line}");
        }
        assert!(
            (6_700..7_300).contains(&ends[0]) && (1_800..2_200).contains(&ends[1]),
            "{ends:?}"
        );
    }
}
