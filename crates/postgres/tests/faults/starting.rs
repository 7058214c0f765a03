//! Stores that begin.

use std::time::Duration;

use ports::{JobStore, StoreError};
use sqlx::Executor;
use testkit::servers::PostgresServer;
use testkit::wait_for;
use tokio::task::JoinSet;

use crate::support::{HEALED, at, connect, failure, job, open, options, server};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_once_make_the_tables_once() {
    let (server, options) = (server().await, options());
    let mut tasks = JoinSet::new();
    for number in 0..8 {
        let store = open(server, &options);
        tasks.spawn(async move { store.admit(vec![job(number)], at(5)).await });
    }
    for outcome in tasks.join_all().await {
        outcome.unwrap();
    }
    let taken = open(server, &options).take_due(at(5), at(9), 100).await.unwrap();
    assert_eq!(taken.len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_of_a_newer_program_are_left_alone() {
    let (server, options) = (server().await, options());
    open(server, &options).admit(vec![job(1)], at(5)).await.unwrap();
    let mut admin = connect(server, &options).await;
    admin
        .execute("UPDATE schema_version SET version = 1000")
        .await
        .unwrap();
    let store = open(server, &options);
    let (_, error) = failure(store.job(job(1).id)).await;
    assert!(
        matches!(&error, StoreError::Corrupt(why) if why.contains("newer")),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_may_be_opened_before_its_server_is_there() {
    let server = PostgresServer::start().await;
    server.server().stop().await;
    let store = open(&server, &options());
    let (_, error) = failure(store.ping(Duration::from_secs(1))).await;
    assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
    server.server().start_again().await;
    wait_for(HEALED, "an admission", || store.admit(vec![job(1)], at(5))).await;
    assert!(store.job(job(1).id).await.unwrap().is_some());
}
