//! The notes of claims: every job that runs is in one, and what does not run any more does not stay.

use domain::query::Query;
use ports::JobStore;
use sqlx::Executor;
use sqlx::postgres::PgConnection;

use crate::support::{LATER, announced, at, completed, connect, job, open, options, server, started, ticket};

/// How many numbers are noted, in how many notes.
async fn noted(admin: &mut PgConnection) -> (i64, i64) {
    let sql = "SELECT coalesce(sum(cardinality(seqs)), 0)::bigint, count(*) FROM job_claims";
    sqlx::query_as(sql)
        .fetch_one(admin)
        .await
        .expect("the notes are there")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_records_the_last_result_of_its_claim_lets_the_note_go() {
    let (server, options) = (server().await, options());
    let store = open(server, &options);
    store.heartbeat("w", at(LATER)).await.unwrap();
    let mut admin = connect(server, &options).await;
    for round in 0..5 {
        let wishes = (round * 10..round * 10 + 10).map(job).map(announced).collect();
        let begun = started(&store.claim(&ticket("w"), wishes).await.unwrap());
        for half in begun.chunks(5) {
            let results = half.iter().map(|begun| completed("w", *begun)).collect();
            store.record(results).await.unwrap();
        }
        // It goes with what is written next.
        assert!(noted(&mut admin).await <= (20, 2), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn results_that_another_process_recorded_leave_no_note_for_long() {
    let (server, options) = (server().await, options());
    let [one, other] = std::array::from_fn(|_| open(server, &options));
    one.heartbeat("w", at(LATER)).await.unwrap();
    let wishes = (0..3).map(job).map(announced).collect();
    let begun = started(&one.claim(&ticket("w"), wishes).await.unwrap());
    let gone = started(&one.claim(&ticket("w"), vec![announced(job(3))]).await.unwrap());
    let ended = [begun[0], begun[1], gone[0]];
    let results = ended.iter().map(|begun| completed("w", *begun)).collect();
    other.record(results).await.unwrap();
    let mut admin = connect(server, &options).await;
    assert_eq!(noted(&mut admin).await, (4, 2));
    let sql = "UPDATE job_claims SET noted_at = noted_at - interval '1 minute'";
    admin.execute(sql).await.unwrap();
    let reaper = open(server, &options);
    assert_eq!(reaper.reap(at(1), 100).await.unwrap(), 0, "the worker lives");
    assert_eq!(noted(&mut admin).await, (1, 1));
    let query = Query::parse("state:executing").unwrap();
    let running = reaper.list(&query, at(9), None, 10).await.unwrap().items;
    assert_eq!(
        running.iter().map(|item| item.id).collect::<Vec<_>>(),
        [job(2).id]
    );
    reaper.retire("w").await.unwrap();
    assert_eq!(reaper.reap(at(1), 100).await.unwrap(), 1);
}
