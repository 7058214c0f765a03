//! Looks at what runs, again and again: jobs that are seen running twice under the same token have run all the
//! time between. So whatever is seen twice together has run together, and must have been allowed to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::query::Query;
use domain::{Clock, SystemClock};
use ports::{JobStore, JobSummary};
use uuid::Uuid;

use crate::books::Books;
use crate::wishes::{AT_ONCE, LIMITED};

/// Between two looks: short beside the jobs that take their time.
const PAUSE: Duration = Duration::from_millis(10);

/// What was seen running together in the processes of a life.
#[derive(Clone, Default)]
pub(crate) struct Sightings(Arc<Mutex<Seen>>);

#[derive(Default)]
struct Seen {
    together: BTreeSet<(Uuid, Uuid)>,
    most_limited: usize,
}

impl Sightings {
    /// Looks until the process dies.
    pub(crate) async fn watch(self, store: Arc<dyn JobStore>) {
        let mut before = BTreeMap::new();
        loop {
            let now = running(&*store).await;
            let throughout: Vec<_> = now
                .iter()
                .filter(|(id, job)| before.get(*id) == Some(*job))
                .map(|(id, job)| (*id, job.1.clone()))
                .collect();
            self.note(&throughout);
            before = now;
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn note(&self, together: &[(Uuid, String)]) {
        let limited = together.iter().filter(|(_, job_type)| job_type == LIMITED);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.most_limited = seen.most_limited.max(limited.count());
        for (at, (one, _)) in together.iter().enumerate() {
            let others = together[at + 1..].iter();
            seen.together.extend(others.map(|(other, _)| (*one, *other)));
        }
    }

    /// Asserts that no two jobs under one unique key were seen running together, nor too many of the limited type.
    pub(crate) fn check(&self, books: &Books) {
        let key = |id: &Uuid| books.jobs.get(id).and_then(|job| job.unique_key);
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(
            !seen.together.is_empty() && seen.most_limited > 0,
            "nothing was seen to run"
        );
        let most = seen.most_limited;
        assert!(most <= AT_ONCE as usize, "{most} jobs of {LIMITED} run together");
        for (one, other) in &seen.together {
            let shared = key(one).is_some() && key(one) == key(other);
            assert!(!shared, "{one} and {other} run together under {:?}", key(one));
        }
    }
}

/// The attempts that run, with their types.
async fn running(store: &dyn JobStore) -> BTreeMap<Uuid, (u32, String)> {
    let query = Query::parse("state:executing").expect("a query");
    let page = store.list(&query, SystemClock.now(), None, 1000).await;
    let items = page.map_or_else(|_| Vec::new(), |page| page.items);
    let attempt = |job: JobSummary| (job.id, (job.attempt, job.job_type));
    items.into_iter().map(attempt).collect()
}
