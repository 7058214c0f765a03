//! Schedules that fire every second while a run goes on.

use std::time::Duration;

use anyhow::{Context, bail};
use domain::{Clock, SystemClock};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::judge::Fired;
use crate::api::{ApiError, ReadModel, ScheduleDetail};
use crate::http_client::{Session, Target};

/// How long one answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// How far the last firing may lie back while the observatory keeps up: they are a second apart.
const KEEPING_UP: Duration = Duration::from_millis(1_500);
/// How long it may take at least to catch up once nobody kills it any more.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(50);
/// The time zones of the schedules, in turns.
const ZONES: [&str; 3] = ["UTC", "Europe/Berlin", "Asia/Kathmandu"];

/// The schedules of a run.
#[derive(Debug)]
pub(super) struct Schedules {
    names: Vec<String>,
    gateway: Session,
    read_model: ReadModel,
    patience: Duration,
}

impl Schedules {
    /// Makes so many. What is not answered is asked again for `patience`.
    ///
    /// # Errors
    /// When one is refused.
    pub(super) async fn start(
        count: u64,
        gateway: Target,
        read_model: Target,
        patience: Duration,
    ) -> anyhow::Result<Self> {
        let mut schedules = Self {
            names: (0..count).map(|number| format!("prove-{number}")).collect(),
            gateway: Session::new(gateway, ANSWER_LIMIT),
            read_model: ReadModel::new(read_model, ANSWER_LIMIT).patient(patience),
            patience: patience.max(PATIENCE),
        };
        for (name, zone) in schedules.names.clone().into_iter().zip(ZONES.into_iter().cycle()) {
            let body = format!(
                r#"{{"name":"{name}","cron":"* * * * * *","timezone":"{zone}","catchUp":"all","job":{{"type":"echo"}}}}"#
            );
            schedules.post("/schedules", &body, 201).await?;
        }
        Ok(schedules)
    }

    /// Lets them catch up, stops them, and says what each has made.
    ///
    /// # Errors
    /// When one does not stop, or its jobs are not told.
    pub(super) async fn stop(mut self) -> anyhow::Result<Vec<Fired>> {
        let mut all = Vec::new();
        for name in self.names.clone() {
            self.catch_up(&name).await?;
            let stopped = SystemClock.now();
            self.post(&format!("/schedules/{name}/pause"), "", 200).await?;
            // Nothing fires between this answer and the list: it was paused before.
            let schedule = self.read_model.schedule(&name).await?;
            let jobs = self.jobs(&name).await?;
            all.push(Fired {
                name,
                schedule,
                jobs,
                stopped,
            });
        }
        Ok(all)
    }

    /// A firing that is due when a schedule is paused is not made up for, so it must not be behind. Where it stays
    /// behind, the firings that it owes are missed for good, and that is for the judge to say.
    async fn catch_up(&mut self, name: &str) -> Result<(), ApiError> {
        let deadline = Instant::now() + self.patience;
        while !keeps_up(&self.read_model.schedule(name).await?) && Instant::now() < deadline {
            sleep(LOOK).await;
        }
        Ok(())
    }

    async fn jobs(&mut self, name: &str) -> Result<Vec<uuid::Uuid>, ApiError> {
        let query = format!("schedule:{name}");
        let (mut jobs, mut cursor) = (Vec::new(), None);
        loop {
            let (items, next) = self.read_model.jobs(&query, cursor.as_deref()).await?;
            jobs.extend(items.into_iter().map(|item| item.id));
            if next.is_none() {
                return Ok(jobs);
            }
            cursor = next;
        }
    }

    /// Repeats what was not answered: the connection may be one to a process that was killed since. A repetition may
    /// find done what it wants.
    async fn post(&mut self, path: &str, body: &str, expected: u16) -> anyhow::Result<()> {
        let since = Instant::now();
        let mut repeated = false;
        loop {
            match self.try_post(path, body).await {
                Ok(status) if status == expected || (repeated && status == 409) => return Ok(()),
                Ok(429 | 503) | Err(_) if since.elapsed() < self.patience => repeated = true,
                Ok(status) => bail!("POST {path}: status {status}"),
                Err(error) => return Err(error),
            }
            sleep(LOOK).await;
        }
    }

    async fn try_post(&mut self, path: &str, body: &str) -> anyhow::Result<u16> {
        let answer = self.gateway.post(path, "application/json", body.as_bytes()).await;
        let answer = answer.with_context(|| format!("POST {path}"))?;
        Ok(answer.status)
    }
}

fn keeps_up(schedule: &ScheduleDetail) -> bool {
    let since = SystemClock.now().as_millisecond() - schedule.last_at.map_or(0, Timestamp::as_millisecond);
    u128::try_from(since).is_ok_and(|since| since <= KEEPING_UP.as_millis())
}
