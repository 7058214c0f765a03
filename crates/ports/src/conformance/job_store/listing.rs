//! Lists of jobs.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::support::{Store, StoreHarness, at, completed, failed, id, job, jobs, jobs_of, query, retry};
use crate::conformance::wait::within;
use crate::{Cursor, JobSummary, NewJob, StoreError};

fn ids(jobs: &[JobSummary]) -> Vec<Uuid> {
    jobs.iter().map(|job| job.id).collect()
}

/// By arrival, whatever the identifiers, the clients' clocks and later changes say.
pub async fn jobs_are_listed_newest_first(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 0..20_u64 {
        let created_at = at(-number.cast_signed());
        store
            .admit(vec![NewJob {
                created_at,
                ..job(number)
            }])
            .await;
    }
    store.finish(3, completed()).await;
    store.run(20, 1, "w", 100).await;
    assert_eq!(store.found("").await, (0..=20).rev().map(id).collect::<Vec<_>>());
    assert_eq!(
        ids(&store.list(&query(""), None, 4).await.items),
        (17..=20).rev().map(id).collect::<Vec<_>>()
    );
}

/// The list shows what the job itself shows.
pub async fn a_summary_follows_its_job(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..6)).await;
    store.run(1, 1, "w", 100).await;
    store.finish(2, retry(at(20))).await;
    store.finish(3, completed()).await;
    store.finish(4, failed()).await;
    let listed = store.read(&query(""), 10).await;
    assert_eq!(listed.len(), 6);
    for number in 0..6 {
        let summary = store.detail(number).await.summary;
        assert!(listed.contains(&summary), "{summary:?} is not in {listed:?}");
    }
}

/// Every page size reads the same list.
pub async fn pages_are_complete_and_without_repetition(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..40)).await;
    store.admit(jobs(40..100)).await;
    let all = query("");
    let whole = store.read(&all, 1000).await;
    assert_eq!(ids(&whole).into_iter().collect::<BTreeSet<_>>().len(), 100);
    for limit in [1, 7, 50, 99, 100, 101] {
        assert_eq!(store.read(&all, limit).await, whole, "in pages of {limit}");
    }
}

/// A reader who turns pages while jobs arrive and change sees every old job once.
pub async fn pages_stay_stable_while_jobs_arrive(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..50)).await;
    let mut seen = BTreeSet::new();
    let (mut cursor, mut arrived) = (None, 50);
    loop {
        let page = store.list(&query(""), cursor.as_ref(), 7).await;
        for item in &page.items {
            assert!(seen.insert(item.id), "{} is listed twice", item.id);
        }
        store.admit(jobs(arrived..arrived + 5)).await;
        store.finish(arrived - 50, completed()).await;
        arrived += 5;
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(
        seen,
        (0..50).map(id).collect(),
        "exactly what was there when reading began"
    );
}

/// Ten jobs: type `echo` or `sleep` in turn, the first five completed.
async fn mixed(store: &Store) {
    for number in 0..10 {
        let job_type = if number % 2 == 0 { "echo" } else { "sleep" };
        store.admit(jobs_of(job_type, number..number + 1)).await;
    }
    for number in 0..5 {
        store.finish(number, completed()).await;
    }
}

/// State, type, both.
pub async fn terms_hold_together(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    mixed(&store).await;
    let cases = [
        ("state:completed", vec![4, 3, 2, 1, 0]),
        ("state:pending", vec![9, 8, 7, 6, 5]),
        ("type:sleep", vec![9, 7, 5, 3, 1]),
        ("state:completed type:sleep", vec![3, 1]),
        ("state:failed", vec![]),
        ("type:Sleep", vec![]),
        ("type:unknown", vec![]),
    ];
    for (text, expected) in cases {
        let expected: Vec<_> = expected.into_iter().map(id).collect();
        assert_eq!(store.found(text).await, expected, "{text}");
    }
}

/// A sparse query ends, and says the same in pages of every size.
pub async fn sparse_pages_are_complete(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..300)).await;
    for number in [3, 77, 150, 151, 298] {
        store.finish(number, failed()).await;
    }
    let failed = query("state:failed type:echo");
    let expected = store.read(&failed, 100).await;
    assert_eq!(
        ids(&expected).into_iter().collect::<BTreeSet<_>>(),
        [3, 77, 150, 151, 298].map(id).into()
    );
    for limit in [1, 2, 5] {
        assert_eq!(store.read(&failed, limit).await, expected, "in pages of {limit}");
    }
}

/// Nothing to show.
pub async fn an_empty_list_ends(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for text in ["", "state:failed", "payload.a:1 -tag:b"] {
        assert!(store.found(text).await.is_empty(), "{text}");
    }
}

/// Cursors come from clients: text of the right letters that this store never wrote is refused, or at worst a
/// place in the list, but no fault of the store.
pub async fn a_foreign_cursor_is_refused(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.admit(jobs(0..5)).await;
    for text in [
        "x",
        "-",
        "0",
        "-1",
        "1.5",
        "99999999999999999999999",
        "1_2-3.4",
        "not-a-place",
        "7fffffffffffffff",
    ] {
        let cursor = Cursor::new(text);
        let answer = async { Ok::<_, StoreError>(store.0.list(&query(""), at(1), Some(&cursor), 10).await) };
        let answer = within("listing", answer).await;
        let fine = matches!(answer, Ok(_) | Err(StoreError::Refused(_)));
        assert!(fine, "cursor {text}: {answer:?}");
    }
    assert_eq!(store.found("").await.len(), 5);
}
