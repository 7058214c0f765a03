//! Everything that has happened, for whoever rebuilds what is derived.

use super::support::{Store, StoreHarness, at, completed, failed, id, jobs, retry};
use crate::conformance::wait::within;
use crate::{Command, Cursor, JobJournal};

/// The whole journal in pages of `limit`.
async fn journal(store: &Store, limit: usize) -> Vec<JobJournal> {
    let (mut all, mut cursor): (Vec<JobJournal>, Option<Cursor>) = (Vec::new(), None);
    for _ in 0..1000 {
        let page = within("reading the journal", store.0.journal(cursor.as_ref(), limit)).await;
        assert!(page.items.len() <= limit);
        all.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return all;
        }
    }
    panic!("the journal does not end");
}

/// Nothing has happened.
pub async fn the_journal_of_an_empty_store_is_empty(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert_eq!(journal(&store, 10).await, []);
}

/// Each as it was created, in the order of arrival, with the history that its detail has; a crash changes nothing.
pub async fn the_journal_has_every_job_with_its_history(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let all = jobs(1..8);
    store.admit_until(all.clone(), at(100)).await;
    store.finish(2, completed()).await;
    store.finish(3, failed()).await;
    store.finish(4, retry(at(20))).await;
    store.run(5, 1, "w", 50).await;
    store.command(6, Command::Cancel, 7).await;
    store.command(3, Command::Retry, 8).await;
    for limit in [1, 3, 100] {
        let told = journal(&store, limit).await;
        let expected = (1..8).zip(&all);
        assert_eq!(told.len(), all.len());
        for (told, (number, job)) in told.iter().zip(expected) {
            assert_eq!(told.job, *job);
            assert_eq!(told.history, store.detail(number).await.history, "{number}");
        }
    }
    let before = journal(&store, 3).await;
    let store = store.reopen(harness).await;
    assert_eq!(journal(&store, 100).await, before);
}

/// What is forgotten is not in it, and what arrives between two pages is at its end.
pub async fn the_journal_goes_on_while_jobs_come_and_go(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit_until(jobs(0..6), at(100)).await;
    let first = within("reading the journal", store.0.journal(None, 2)).await;
    store.command(1, Command::Cancel, 7).await;
    store.command(3, Command::Cancel, 7).await;
    store.command(1, Command::Delete, 8).await;
    store.command(3, Command::Delete, 8).await;
    store.admit_until(jobs(6..8), at(100)).await;
    let mut ids: Vec<_> = first.items.iter().map(|journal| journal.job.id).collect();
    let mut cursor = first.next;
    while let Some(place) = cursor {
        let page = within("reading the journal", store.0.journal(Some(&place), 2)).await;
        ids.extend(page.items.iter().map(|journal| journal.job.id));
        cursor = page.next;
    }
    assert_eq!(ids, [0, 1, 2, 4, 5, 6, 7].map(id));
    assert_eq!(journal(&store, 100).await.len(), 6);
}
