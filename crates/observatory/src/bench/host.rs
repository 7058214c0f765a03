//! The observatory under load: one of our own, or one that runs already.

use std::time::Duration;

use anyhow::{Context, bail};
use contracts::{EventType, JobStatus};
use domain::{Clock, Ids, RandomIds, SystemClock};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};

use super::lookup::ANSWER_LIMIT;
use super::place::PlaceArgs;
use crate::api::{ReadModel, quote};
use crate::child::{Memory, Server, Shape, choose_port_offset};
use crate::http_client::{Session, Target};
use crate::measure::{Millis, millis};
use crate::scratch::Scratch;

/// How long our own observatory may take until its first job is done.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How often a starting observatory is asked.
const LOOK: Duration = Duration::from_millis(2);
/// How long it is left alone before its idle memory is taken.
const REST: Duration = Duration::from_secs(1);

/// An observatory of our own, with one job done.
#[derive(Debug)]
pub(super) struct Own {
    server: Server,
    scratch: Scratch,
    started: Timestamp,
}

/// What was seen of it before the load.
#[derive(Clone, Debug)]
pub(super) struct Before {
    /// From the start of the process to the first COMPLETED job.
    pub(super) first_job: Millis,
    /// The memory of each process at rest, where the system tells.
    pub(super) memory: Vec<(String, Memory)>,
}

impl Own {
    /// Starts it, with its log and what data it keeps itself in a temporary directory.
    ///
    /// # Errors
    /// When that is not possible.
    pub(super) fn start(place: &PlaceArgs) -> anyhow::Result<Self> {
        let fleet = place.fleet()?;
        let scratch = Scratch::create("bench").context("cannot make a temporary directory")?;
        let data = scratch.path().join("data");
        let shape = fleet.map_or(Shape::Embedded(data), Shape::Services);
        let offset = match choose_port_offset(place.port_offset, &shape.ports()) {
            Ok(offset) => offset,
            Err(error) => {
                scratch.remove().ok();
                return Err(error);
            }
        };
        let mut server = Server::new(shape, &scratch.path().join("log"), offset)?;
        let started = SystemClock.now();
        server.start()?;
        Ok(Self {
            server,
            scratch,
            started,
        })
    }

    /// Where jobs are submitted, and where questions are answered.
    pub(super) fn targets(&self) -> (Target, Target) {
        (self.server.gateway(), self.server.read_model())
    }

    /// Has it do one job and rest.
    ///
    /// # Errors
    /// When it does not manage.
    pub(super) async fn warm_up(&mut self) -> anyhow::Result<Before> {
        let (gateway, read_model) = self.targets();
        let first_job = tokio::select! {
            completed = first_job(gateway, read_model) => completed?,
            status = self.server.wait_end() => {
                let (status, words) = (status?, self.server.last_words());
                bail!("the observatory ended by itself ({status}); it said last:\n{words}")
            }
        };
        let micros = first_job.as_microsecond() - self.started.as_microsecond();
        sleep(REST).await;
        Ok(Before {
            first_job: millis(u64::try_from(micros).unwrap_or(0)),
            memory: self.server.memory(),
        })
    }

    /// The memory of each process, where the system tells.
    pub(super) fn memory(&self) -> Vec<(String, Memory)> {
        self.server.memory()
    }

    /// Returns, with words, when it has ended by itself.
    pub(super) async fn failed(&mut self) -> anyhow::Error {
        match self.server.wait_end().await {
            Ok(status) => anyhow::anyhow!("the observatory ended by itself ({status})"),
            Err(error) => error.into(),
        }
    }

    /// Ends it after a measurement, and gives what that came to; none where it was interrupted.
    ///
    /// # Errors
    /// When the measurement failed: its error, and where the log is kept.
    pub(super) async fn conclude<T>(self, outcome: Option<anyhow::Result<T>>) -> anyhow::Result<Option<T>> {
        let evidence = self.end(matches!(outcome, Some(Err(_)))).await?;
        match (outcome, evidence) {
            (None, _) => Ok(None),
            (Some(Err(error)), Some(log)) => Err(error.context(format!("the log is kept: {log}"))),
            (Some(outcome), _) => outcome.map(Some),
        }
    }

    /// Ends it. Its data go too, unless they are evidence; then this says where they are.
    async fn end(mut self, evidence: bool) -> anyhow::Result<Option<String>> {
        self.server.kill().await.context("cannot end the observatory")?;
        if evidence {
            let place = self.server.log().display().to_string();
            return Ok(Some(place));
        }
        self.scratch
            .remove()
            .context("cannot remove the temporary directory")?;
        Ok(None)
    }
}

/// Submits a job as soon as that is possible and says when it completed.
async fn first_job(gateway: Target, read_model: Target) -> anyhow::Result<Timestamp> {
    let deadline = Instant::now() + START_LIMIT;
    let id = RandomIds.next();
    let body = format!(r#"{{"id":"{id}","type":"echo"}}"#);
    let mut session = Session::new(gateway, ANSWER_LIMIT);
    loop {
        match session.post("/jobs", "application/json", body.as_bytes()).await {
            Ok(answer) if answer.status == 202 => break,
            Ok(answer) if answer.status != 503 => {
                bail!(
                    "the first job was answered {}: {}",
                    answer.status,
                    quote(answer.body)
                )
            }
            _ => pause_until(deadline).await?,
        }
    }
    let mut client = ReadModel::new(read_model, ANSWER_LIMIT);
    loop {
        match client.job(id).await? {
            Some(detail) if detail.status == JobStatus::Completed => break,
            Some(detail) if detail.status.is_terminal() => {
                bail!(
                    "the first job is {}: {}",
                    detail.status,
                    detail.error.unwrap_or_default()
                )
            }
            _ => pause_until(deadline).await?,
        }
    }
    let history = client.history(id).await?;
    let completed = history
        .iter()
        .find(|event| event.event_type == EventType::Completed);
    completed
        .map(|event| event.occurred_at)
        .context("the first job has no job.completed event")
}

async fn pause_until(deadline: Instant) -> anyhow::Result<()> {
    if Instant::now() > deadline {
        bail!("no job was done within {START_LIMIT:?}");
    }
    sleep(LOOK).await;
    Ok(())
}
