//! The journal, read while several processes write.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ports::{Cursor, JobStore};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{LATER, at, job, open, options, server};

const WRITERS: usize = 3;
const BATCHES: u64 = 60;
const BATCH: u64 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_who_only_goes_forward_misses_no_job() {
    let (server, options) = (server().await, options());
    let writing = Arc::new(AtomicUsize::new(WRITERS));
    let mut tasks = JoinSet::new();
    for own in 0..WRITERS as u64 {
        let (store, writing) = (open(server, &options), Arc::clone(&writing));
        tasks.spawn(async move {
            for batch in 0..BATCHES {
                let first = own * 1_000_000 + batch * BATCH;
                let jobs = (first..first + BATCH).map(job).collect();
                store.admit(jobs, at(LATER)).await.expect("the store answers");
            }
            writing.fetch_sub(1, Ordering::SeqCst);
        });
    }
    let reader = open(server, &options);
    let (mut seen, mut cursor): (BTreeSet<Uuid>, Option<Cursor>) = (BTreeSet::new(), None);
    loop {
        let last = writing.load(Ordering::SeqCst) == 0;
        let page = reader.journal(cursor.as_ref(), 7).await.unwrap();
        seen.extend(page.items.iter().map(|journal| journal.job.id));
        match page.next {
            Some(next) => cursor = Some(next),
            None if last => break,
            None => {}
        }
    }
    tasks.join_all().await;
    assert_eq!(seen.len() as u64, WRITERS as u64 * BATCHES * BATCH);
}
