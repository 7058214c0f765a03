//! Questions to the read model.

use std::time::Duration;

use serde::de::{DeserializeOwned, IgnoredAny};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use super::types::{
    HistoryEvent, JobDetail, JobItem, LogEvent, Page, PageLength, Queues, ScheduleDetail, Stats,
};
use crate::http_client::{Answer, ClientError, Session, Target, encoded};

/// How often a question is asked at least before it counts as unanswered.
const TRIES: u32 = 5;
/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(200);
/// How many jobs a page of the list shows.
const JOBS_PER_PAGE: usize = 500;
/// More events than any job of ours can have.
const EVENTS_PER_JOB: usize = 100;
/// How many events a page of the log shows.
const EVENTS_PER_PAGE: usize = 500;
/// How much of an unexpected body an error quotes.
const QUOTE: usize = 200;

/// Why a question has no usable answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ApiError {
    /// Nothing came back.
    #[error("GET {path}: {source}")]
    Unanswered {
        /// The question.
        path: String,
        /// What went wrong.
        source: ClientError,
    },
    /// A status that the question does not allow for.
    #[error("GET {path}: status {status}: {body}")]
    Status {
        /// The question.
        path: String,
        /// The status code.
        status: u16,
        /// The beginning of the body.
        body: String,
    },
    /// A body of another shape than the interface has.
    #[error("GET {path}: unexpected body: {source}")]
    Body {
        /// The question.
        path: String,
        /// What does not fit.
        source: serde_json::Error,
    },
}

/// A client of the read model. Questions change nothing, so each is repeated for a while before it fails.
#[derive(Debug)]
pub(crate) struct ReadModel {
    session: Session,
    /// For how much longer in all questions may be repeated more often than [`TRIES`].
    patience: Duration,
}

impl ReadModel {
    /// A client of `target` that gives each try `limit`.
    pub(crate) fn new(target: Target, limit: Duration) -> Self {
        Self {
            session: Session::new(target, limit),
            patience: Duration::ZERO,
        }
    }

    /// The same, which repeats questions more often where nobody answers, or somebody says that it cannot now: for so
    /// long in all, so that what stays away does not cost that for every question.
    pub(crate) fn patient(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// The live counters.
    pub(crate) async fn stats(&mut self) -> Result<Stats, ApiError> {
        self.must("/stats").await
    }

    /// The live counters, asked for once only: for progress displays, which had rather show nothing.
    pub(crate) async fn glance(&mut self) -> Option<Stats> {
        let answer = self.session.get("/stats").await.ok()?;
        serde_json::from_slice(answer.body).ok()
    }

    /// A page of the jobs that a query matches, newest first, and where the next one begins.
    pub(crate) async fn jobs(
        &mut self,
        query: &str,
        cursor: Option<&str>,
    ) -> Result<(Vec<JobItem>, Option<String>), ApiError> {
        let mut path = format!("/jobs?limit={JOBS_PER_PAGE}&q={}", encoded(query));
        if let Some(cursor) = cursor {
            path.push_str("&cursor=");
            path.push_str(&encoded(cursor));
        }
        let page: Page<JobItem> = self.must(&path).await?;
        Ok((page.items, page.next_cursor))
    }

    /// One job, if it is known.
    pub(crate) async fn job(&mut self, id: Uuid) -> Result<Option<JobDetail>, ApiError> {
        self.ask(&format!("/jobs/{id}")).await
    }

    /// A job's history in the job store; empty where the job is unknown.
    pub(crate) async fn history(&mut self, id: Uuid) -> Result<Vec<HistoryEvent>, ApiError> {
        let page: Option<Page<HistoryEvent>> = self.ask(&format!("/jobs/{id}/events")).await?;
        Ok(page.map(|page| page.items).unwrap_or_default())
    }

    /// How many messages are in the queues, as far as that is known.
    pub(crate) async fn queued(&mut self) -> Result<u64, ApiError> {
        let Queues { queues } = self.must("/stats").await?;
        Ok(queues
            .iter()
            .map(|queue| queue.ready + queue.unacknowledged)
            .sum())
    }

    /// Whether there is an event in the event log.
    pub(crate) async fn has_events(&mut self) -> Result<bool, ApiError> {
        let events: Vec<IgnoredAny> = self.must("/events?limit=1").await?;
        Ok(!events.is_empty())
    }

    /// How many schedules there are, up to a page full.
    pub(crate) async fn schedules(&mut self) -> Result<usize, ApiError> {
        let page: PageLength = self.must("/schedules").await?;
        Ok(page.items.len())
    }

    /// A job's events in the event log.
    pub(crate) async fn log(&mut self, id: Uuid) -> Result<Vec<LogEvent>, ApiError> {
        self.must(&format!("/events?jobId={id}&limit={EVENTS_PER_JOB}"))
            .await
    }

    /// A page of all events in the event log, newest first, and where the next one is. Begins at `from`, where an earlier
    /// page has said so.
    pub(crate) async fn events(
        &mut self,
        from: Option<&str>,
    ) -> Result<(Vec<LogEvent>, Option<String>), ApiError> {
        let first = format!("/events?limit={EVENTS_PER_PAGE}");
        let path = from.unwrap_or(&first);
        self.ask_linked(path).await?.ok_or_else(|| missing(path))
    }

    /// A schedule, which must be there.
    pub(crate) async fn schedule(&mut self, name: &str) -> Result<ScheduleDetail, ApiError> {
        self.must(&format!("/schedules/{name}")).await
    }

    /// How many dead letters there are, up to a page full.
    pub(crate) async fn dead_letters(&mut self) -> Result<usize, ApiError> {
        let page: PageLength = self.must("/dead-letters").await?;
        Ok(page.items.len())
    }

    async fn must<T: DeserializeOwned>(&mut self, path: &str) -> Result<T, ApiError> {
        self.ask(path).await?.ok_or_else(|| missing(path))
    }

    /// The answer, or `None` where there is no such thing.
    async fn ask<T: DeserializeOwned>(&mut self, path: &str) -> Result<Option<T>, ApiError> {
        let linked = self.ask_linked(path).await?;
        Ok(linked.map(|(answer, _next)| answer))
    }

    /// The answer and where the next page is, or `None` where there is no such thing.
    async fn ask_linked<T: DeserializeOwned>(
        &mut self,
        path: &str,
    ) -> Result<Option<(T, Option<String>)>, ApiError> {
        let mut tries = 1;
        loop {
            let since = Instant::now();
            match self.session.get(path).await {
                Ok(Answer {
                    status: 503 | 429, ..
                })
                | Err(_)
                    if tries < TRIES || !self.patience.is_zero() => {}
                Ok(answer) => return read(path, answer),
                Err(source) => {
                    let path = path.to_owned();
                    return Err(ApiError::Unanswered { path, source });
                }
            }
            tries += 1;
            sleep(PAUSE).await;
            if tries > TRIES {
                self.patience = self.patience.saturating_sub(since.elapsed());
            }
        }
    }
}

fn missing(path: &str) -> ApiError {
    ApiError::Status {
        path: path.to_owned(),
        status: 404,
        body: String::new(),
    }
}

fn read<T: DeserializeOwned>(
    path: &str,
    answer: Answer<'_>,
) -> Result<Option<(T, Option<String>)>, ApiError> {
    let path = path.to_owned();
    match answer.status {
        200 => serde_json::from_slice(answer.body)
            .map(|body| Some((body, answer.next().map(str::to_owned))))
            .map_err(|source| ApiError::Body { path, source }),
        404 => Ok(None),
        status => Err(ApiError::Status {
            path,
            status,
            body: quote(answer.body),
        }),
    }
}

/// The beginning of a body, for a message.
pub(crate) fn quote(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(QUOTE)]);
    text.escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_found_is_an_answer_and_other_statuses_are_errors() {
        let answer = |status, body| Answer {
            status,
            body,
            head: b"",
        };
        assert!(read::<Stats>("/x", answer(404, b"")).unwrap().is_none());
        let body = br#"{"totalJobs":1,"completedJobs":1,"failedJobs":0,"lastEventTime":"","more":[]}"#;
        assert_eq!(
            read::<Stats>("/x", answer(200, body)).unwrap().unwrap().0.ended(),
            1
        );
        let error = read::<Stats>("/x", answer(500, b"bro\nken")).unwrap_err();
        assert_eq!(error.to_string(), r"GET /x: status 500: bro\nken");
        assert!(matches!(
            read::<Stats>("/x", answer(200, b"[]")),
            Err(ApiError::Body { .. })
        ));
    }
}
