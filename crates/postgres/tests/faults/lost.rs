//! Sessions are ended, and the server goes and comes back, while jobs are run: each is started and ended once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use contracts::{EventType, JobStatus};
use domain::query::Query;
use ports::{JobStore, Recorded};
use postgres_adapter::PostgresStore;
use sqlx::postgres::PgConnection;
use testkit::servers::PostgresServer;
use testkit::{wait_for, wait_until};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

use crate::support::{
    HEALED, LATER, announced, at, completed, connect, job, open, options, server, started, ticket,
};

const BATCH: u64 = 20;

/// What the workers of a test have in common.
#[derive(Default)]
struct Load {
    stop: AtomicBool,
    batches: AtomicUsize,
}

/// Runs jobs of its own, each call as often as it takes; the jobs that it has run.
async fn run(store: Arc<PostgresStore>, load: Arc<Load>, own: u64) -> Vec<Uuid> {
    let worker = format!("worker-{own}");
    let mut all = Vec::new();
    let mut next = own * 1_000_000;
    while !load.stop.load(Ordering::Relaxed) {
        let jobs: Vec<_> = (next..next + BATCH).map(job).collect();
        next += BATCH;
        let admitted = jobs[..5].to_vec();
        wait_for(HEALED, "an admission", || {
            store.admit(admitted.clone(), at(LATER))
        })
        .await;
        let (ticket, wishes) = (ticket(&worker), jobs.iter().cloned().map(announced));
        let wishes: Vec<_> = wishes.collect();
        let claims = wait_for(HEALED, "a claim", || store.claim(&ticket, wishes.clone())).await;
        let begun = started(&claims);
        assert_eq!(begun.len(), jobs.len(), "{claims:?}");
        let results: Vec<_> = begun.iter().map(|begun| completed(&worker, *begun)).collect();
        let recorded = wait_for(HEALED, "a result", || store.record(results.clone())).await;
        let applied = |recorded: &Recorded| matches!(recorded, Recorded::Applied { .. });
        assert!(recorded.iter().all(applied), "{recorded:?}");
        all.extend(begun.into_iter().map(|(id, _)| id));
        load.batches.fetch_add(1, Ordering::Relaxed);
    }
    all
}

/// Starts two workers.
fn workers(store: &Arc<PostgresStore>, load: &Arc<Load>) -> JoinSet<Vec<Uuid>> {
    let mut tasks = JoinSet::new();
    for own in 1..3 {
        tasks.spawn(run(Arc::clone(store), Arc::clone(load), own));
    }
    tasks
}

/// Waits until so many more batches are done.
async fn progress(load: &Load, more: usize) {
    let goal = load.batches.load(Ordering::Relaxed) + more;
    let there = || std::future::ready(load.batches.load(Ordering::Relaxed) >= goal);
    wait_until(HEALED, "progress", there).await;
}

/// Every job has come to its end, and its history says so once.
async fn check(store: &PostgresStore, tasks: JoinSet<Vec<Uuid>>) {
    let all = tasks.join_all().await.concat();
    assert!(!all.is_empty());
    for id in &all {
        let detail = store
            .job(*id)
            .await
            .expect("the store answers")
            .expect("it was run");
        let kinds: Vec<_> = detail.history.iter().map(|event| event.event_type).collect();
        let expected = [EventType::Created, EventType::Executed, EventType::Completed];
        assert_eq!(kinds, expected, "{detail:?}");
        assert_eq!(detail.summary.status, JobStatus::Completed);
    }
    let open = Query::parse("-state:completed").expect("it is a query");
    let left = store
        .list(&open, at(9), None, 10)
        .await
        .expect("the store answers");
    assert!(left.items.is_empty(), "{left:?}");
}

async fn end_sessions(connection: &mut PgConnection, name: &str) {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
               WHERE application_name = $1 AND pid <> pg_backend_pid()";
    sqlx::query(sql)
        .bind(name)
        .execute(connection)
        .await
        .expect("sessions can be ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_done_twice_when_sessions_are_ended() {
    let (server, mut options) = (server().await, options());
    options.name = "mortal".to_owned();
    let store = open(server, &options);
    let mut admin = connect(server, &options).await;
    let load = Arc::new(Load::default());
    let tasks = workers(&store, &load);
    for _ in 0..40 {
        progress(&load, 2).await;
        end_sessions(&mut admin, "mortal").await;
        sleep(Duration::from_millis(3)).await;
        end_sessions(&mut admin, "mortal").await;
    }
    progress(&load, 2).await;
    load.stop.store(true, Ordering::Relaxed);
    check(&store, tasks).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_done_twice_when_the_server_restarts_or_is_killed() {
    let server = PostgresServer::start().await;
    let store = open(&server, &options());
    let load = Arc::new(Load::default());
    let tasks = workers(&store, &load);
    for round in ["stop", "kill"] {
        progress(&load, 10).await;
        match round {
            "stop" => server.server().stop().await,
            _ => server.server().kill().await,
        }
        server.server().start_again().await;
        server.server().ready().await;
    }
    progress(&load, 10).await;
    load.stop.store(true, Ordering::Relaxed);
    check(&store, tasks).await;
}
