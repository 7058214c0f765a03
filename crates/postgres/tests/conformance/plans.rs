//! No statement goes through the whole table of jobs.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use domain::limits::Limits;
use ports::{ClaimRequest, ClaimTicket, Command, JobStore, LimitChange, NewJob, StoreError};
use postgres_adapter::PostgresStore;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::indexed::{QUERIES, at, job, read, store};
use super::server_url;

/// Uses whatever a processor and a reader of jobs use.
async fn use_everything(store: &PostgresStore) -> Result<(), StoreError> {
    let places = Limits {
        concurrency: NonZeroU32::new(2),
        ..Limits::default()
    };
    let fresh = |number| NewJob {
        job_type: "few".to_owned(),
        unique_key: (number % 2 == 0).then(|| "k".to_owned()),
        ..job(number)
    };
    store
        .set_limits(LimitChange::Of("few".to_owned(), places))
        .await?;
    let wishes = (90_000..90_020).map(|number| ClaimRequest {
        job: Arc::new(fresh(number)),
        attempt: 1,
        dispatched: false,
    });
    let ticket = ClaimTicket {
        worker: "w".to_owned(),
        claim: u64::MAX >> 2,
        now: at(30_000),
    };
    store.claim(&ticket, wishes.collect()).await?;
    let taken = store.take_due(at(2_000_000), at(2_000_005), 50).await?;
    let taken: Vec<_> = taken
        .into_iter()
        .map(|taken| (taken.job.id, taken.attempt))
        .collect();
    store.put_off(taken.clone(), at(2_000_300)).await?;
    let ids: Vec<_> = taken.into_iter().map(|(id, _)| id).collect();
    for command in [Command::Cancel, Command::Retry, Command::Cancel, Command::Delete] {
        store.command(ids.clone(), command, at(2_000_001)).await?;
    }
    store.cancellations("w").await?;
    store.retire("w").await?;
    store.reap(at(2_000_002), 10).await?;
    let cursor = store.journal(None, 100).await?.next;
    store.journal(cursor.as_ref(), 100).await?;
    store.prune(at(20_100), 50).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_finds_its_jobs_by_an_index() {
    let (schema, store) = store().await;
    for _ in 0..2 {
        for text in QUERIES {
            read(&store, text).await;
        }
        store.index().await.unwrap();
        store.heartbeat("w", at(3_000_000)).await.unwrap();
        use_everything(&store).await.unwrap();
    }
    // Sessions tell what they have done at their end.
    store.close().await;
    drop(store);
    let mut admin = PgConnection::connect(&server_url().await).await.unwrap();
    // Making an index goes through the table, which was empty then.
    let sql = "SELECT seq_scan - (SELECT count(*) FROM pg_index WHERE indrelid = relid), idx_scan
               FROM pg_stat_user_tables WHERE relname = 'jobs' AND schemaname = $1";
    let mut counts: (i64, i64) = (0, 0);
    for _ in 0..100 {
        counts = sqlx::query_as(sql)
            .bind(&schema)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        if counts.1 > 5_000 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(counts.1 > 5_000, "so many searches at least are told: {counts:?}");
    assert_eq!(counts.0, 0, "the whole table was gone through");
}
