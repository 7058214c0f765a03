//! Two processes on one database.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::limits::Limits;
use ports::{Claim, ClaimRequest, JobStore, LimitChange, Recorded};
use postgres_adapter::PostgresStore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::{
    HEALED, LATER, announced, at, completed, job, keyed, open, options, server, started, ticket,
};

async fn two() -> [Arc<PostgresStore>; 2] {
    let (server, options) = (server().await, options());
    let stores = [open(server, &options), open(server, &options)];
    for (store, worker) in stores.iter().zip(["a", "b"]) {
        store
            .heartbeat(worker, at(LATER))
            .await
            .expect("the store answers");
    }
    stores
}

fn at_most(concurrency: u32) -> LimitChange {
    let limits = Limits {
        concurrency: NonZeroU32::new(concurrency),
        ..Limits::default()
    };
    LimitChange::Of("echo".to_owned(), limits)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_job_starts_in_one_of_two_processes() {
    let stores = two().await;
    let mut tasks = JoinSet::new();
    for (place, (store, worker)) in stores.iter().zip(["a", "b"]).enumerate() {
        let store = Arc::clone(store);
        tasks.spawn(async move {
            let mut all = Vec::new();
            for first in (0..400).step_by(40) {
                let mut jobs: Vec<_> = (first..first + 40).map(job).collect();
                jobs.rotate_left(place * 17);
                store.admit(jobs[..20].to_vec(), at(LATER)).await.unwrap();
                let wishes = jobs.into_iter().map(announced).collect();
                let claims = store.claim(&ticket(worker), wishes).await.unwrap();
                let begun = started(&claims);
                let results = begun.iter().map(|begun| completed(worker, *begun)).collect();
                let recorded = store.record(results).await.unwrap();
                assert!(
                    recorded
                        .iter()
                        .all(|recorded| matches!(recorded, Recorded::Applied { .. }))
                );
                all.extend(begun);
            }
            all
        });
    }
    let all = tasks.join_all().await.concat();
    assert_eq!(all.len(), 400, "each job starts once");
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 400);
    assert_eq!(
        stores[0].reap(at(LATER + 1), 1000).await.unwrap(),
        0,
        "nothing runs any more"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_that_one_process_sets_holds_at_once_for_the_other() {
    let [one, other] = two().await;
    let claim = async |numbers: std::ops::Range<u64>| {
        let wishes = numbers.map(job).map(announced).collect();
        started(&other.claim(&ticket("b"), wishes).await.unwrap()).len()
    };
    assert_eq!(claim(0..3).await, 3, "without limits, which it remembers");
    one.set_limits(at_most(5)).await.unwrap();
    assert_eq!(claim(3..8).await, 2, "three run already");
    one.set_limits(LimitChange::Pause("echo".to_owned(), true))
        .await
        .unwrap();
    assert_eq!(claim(8..9).await, 0);
    one.set_limits(LimitChange::Of("echo".to_owned(), Limits::default()))
        .await
        .unwrap();
    assert_eq!(claim(9..12).await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn together_they_never_run_more_than_may() {
    let stores = two().await;
    stores[0].set_limits(at_most(3)).await.unwrap();
    let most = most_at_once(&stores, (0..60).map(job).map(announced).collect()).await;
    assert!((1..=3).contains(&most), "{most} ran at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_under_one_key_never_run_together() {
    let stores = two().await;
    let wishes = (0..30).map(|number| announced(keyed(number, "k"))).collect();
    assert_eq!(most_at_once(&stores, wishes).await, 1);
}

/// Lets workers of both processes, each of them a scheduler too, run all the jobs; says how many ran at once at most.
async fn most_at_once(stores: &[Arc<PostgresStore>; 2], wishes: Vec<ClaimRequest>) -> usize {
    let counts: Arc<[AtomicUsize; 3]> = Arc::default();
    let all = wishes.len();
    let mut tasks = JoinSet::new();
    for (place, fresh) in wishes.chunks(all / 4 + 1).enumerate() {
        let (store, counts) = (Arc::clone(&stores[place % 2]), Arc::clone(&counts));
        tasks.spawn(work(store, ["a", "b"][place % 2], fresh.to_vec(), counts, all));
    }
    tasks.join_all().await;
    counts[1].load(Ordering::SeqCst)
}

async fn work(
    store: Arc<PostgresStore>,
    worker: &'static str,
    mut fresh: Vec<ClaimRequest>,
    counts: Arc<[AtomicUsize; 3]>,
    all: usize,
) {
    let [running, most, done] = &*counts;
    let end = Instant::now() + HEALED;
    while done.load(Ordering::SeqCst) < all {
        assert!(Instant::now() < end, "a job does not get its turn");
        let mut wishes = fresh.split_off(fresh.len().saturating_sub(2));
        let due = store
            .take_due(at(4), at(LATER), 3)
            .await
            .expect("the store answers");
        wishes.extend(due.into_iter().map(|due| ClaimRequest {
            job: due.job,
            attempt: due.attempt,
            dispatched: true,
        }));
        let claims: Vec<Claim> = store
            .claim(&ticket(worker), wishes)
            .await
            .expect("the store answers");
        let begun = started(&claims);
        let now = running.fetch_add(begun.len(), Ordering::SeqCst) + begun.len();
        most.fetch_max(now, Ordering::SeqCst);
        tokio::task::yield_now().await;
        running.fetch_sub(begun.len(), Ordering::SeqCst);
        let results = begun.iter().map(|begun| completed(worker, *begun)).collect();
        store.record(results).await.expect("the store answers");
        done.fetch_add(begun.len(), Ordering::SeqCst);
    }
}
