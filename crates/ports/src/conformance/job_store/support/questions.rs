//! What a store is asked about its jobs.

use contracts::{EventType, JobStatus};
use domain::JobEvent;
use domain::limits::Hold;
use domain::query::Query;
use jiff::Timestamp;
use uuid::Uuid;

use super::jobs::{LATER, at, id, kinds, query};
use super::store::Store;
use crate::conformance::wait::within;
use crate::{Cursor, JobDetail, JobSummary, Page, Post};

/// How many pages in a row may be read before a list is taken for one that does not end.
const MAX_PAGES: usize = 100_000;

impl Store {
    pub(crate) async fn find(&self, number: u64) -> Option<JobDetail> {
        self.find_id(id(number)).await
    }

    pub(crate) async fn find_id(&self, id: Uuid) -> Option<JobDetail> {
        within("reading a job", self.0.job(id)).await
    }

    /// Job `number`, which has to exist.
    pub(crate) async fn detail(&self, number: u64) -> JobDetail {
        self.find(number)
            .await
            .unwrap_or_else(|| panic!("job {number} is not there"))
    }

    /// Where job `number` is in its life, and what holds it back.
    pub(crate) async fn state(&self, number: u64) -> (JobStatus, Option<Hold>) {
        let summary = self.detail(number).await.summary;
        (summary.status, summary.held)
    }

    /// When the scheduler looks at job `number` again.
    pub(crate) async fn wake_at(&self, number: u64) -> Option<Timestamp> {
        self.detail(number).await.summary.wake_at
    }

    /// Job `number`'s history by type and attempt.
    pub(crate) async fn history(&self, number: u64) -> Vec<(EventType, u32)> {
        kinds(&self.detail(number).await.history)
    }

    /// The events in the outbox, those that schedules made left out.
    pub(crate) async fn transitions(&self) -> Vec<JobEvent> {
        let transition = |post| match post {
            Post::Event(event) => Some(event),
            Post::Created(_) => None,
        };
        let entries = self.outbox_up_to(100_000).await.into_iter();
        entries.filter_map(|entry| transition(entry.post)).collect()
    }

    /// The outbox' events of job `number`.
    pub(crate) async fn outbox_of(&self, number: u64) -> Vec<(EventType, u32)> {
        let all = self.transitions().await;
        kinds(all.iter().filter(|event| event.job_id == id(number)))
    }

    /// One page, at a moment after everything else.
    pub(crate) async fn list(
        &self,
        query: &Query,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Page<JobSummary> {
        self.list_at(query, at(LATER), cursor, limit).await
    }

    pub(crate) async fn list_at(
        &self,
        query: &Query,
        now: Timestamp,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Page<JobSummary> {
        let page = within("listing", self.0.list(query, now, cursor, limit)).await;
        assert!(
            page.items.len() <= limit,
            "a page of {} where {limit} were asked for",
            page.items.len()
        );
        page
    }

    /// A list to its end in pages of `limit`, from a cursor on.
    pub(crate) async fn read_from(
        &self,
        query: &Query,
        now: Timestamp,
        mut cursor: Option<Cursor>,
        limit: usize,
    ) -> Vec<JobSummary> {
        let mut all = Vec::new();
        for _ in 0..MAX_PAGES {
            let page = self.list_at(query, now, cursor.as_ref(), limit).await;
            all.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => return all,
            }
        }
        panic!("the list of `{query}` does not end");
    }

    /// A list to its end in pages of `limit`.
    pub(crate) async fn read(&self, query: &Query, limit: usize) -> Vec<JobSummary> {
        self.read_from(query, at(LATER), None, limit).await
    }

    /// The jobs that a query finds, newest first.
    pub(crate) async fn found(&self, text: &str) -> Vec<Uuid> {
        let all = self.read(&query(text), 100).await;
        all.into_iter().map(|job| job.id).collect()
    }
}
