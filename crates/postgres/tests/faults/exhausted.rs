//! A store that cannot answer says so in time.

use std::sync::Arc;
use std::time::Duration;

use ports::{JobStore, StoreError};
use postgres_adapter::Options;
use sqlx::Executor;
use testkit::servers::PostgresServer;
use testkit::wait_for;

use crate::support::{HEALED, LIMIT, SLACK, at, connect, failure, job, open, options, server};

fn is_unavailable(error: &StoreError) -> bool {
    matches!(error, StoreError::Unavailable(_))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_without_a_connection_fails_in_time_and_a_locked_table_holds_none_for_ever() {
    let server = server().await;
    let options = Options {
        max_connections: 1,
        acquire_limit: Duration::from_millis(200),
        ..options()
    };
    let store = open(server, &options);
    store.admit(vec![job(1)], at(5)).await.unwrap();
    let mut admin = connect(server, &options).await;
    admin.execute("BEGIN").await.unwrap();
    admin
        .execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let waiting = tokio::spawn({
        let store = Arc::clone(&store);
        async move { failure(store.job(job(1).id)).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (took, error) = failure(store.job(job(1).id)).await;
    assert!(is_unavailable(&error), "{error}");
    assert!(took < Duration::from_millis(200) + SLACK, "{took:?}");
    let (took, error) = waiting.await.unwrap();
    assert!(is_unavailable(&error), "{error}");
    assert!(took < LIMIT + SLACK, "{took:?}");
    admin.execute("COMMIT").await.unwrap();
    assert!(store.job(job(1).id).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_stands_still_is_given_up_in_time_and_found_again() {
    let server = PostgresServer::start().await;
    let store = open(&server, &options());
    store.admit(vec![job(1)], at(5)).await.unwrap();
    server.server().pause().await;
    for _ in 0..2 {
        let (took, error) = failure(store.admit(vec![job(2)], at(5))).await;
        assert!(is_unavailable(&error), "{error}");
        assert!(took < 2 * LIMIT + SLACK, "{took:?}");
    }
    let (took, error) = failure(store.ping(Duration::from_millis(100))).await;
    assert!(is_unavailable(&error), "{error}");
    assert!(took < Duration::from_millis(100) + SLACK, "{took:?}");
    server.server().unpause().await;
    wait_for(HEALED, "an answer", || store.job(job(1).id)).await;
    wait_for(HEALED, "an admission", || store.admit(vec![job(2)], at(5))).await;
    assert!(store.job(job(2).id).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_room_for_another_session_is_unavailable() {
    let (server, options) = (server().await, options());
    let mut admin = connect(server, &options).await;
    admin
        .execute("CREATE ROLE crowded LOGIN SUPERUSER CONNECTION LIMIT 0 PASSWORD 'x'")
        .await
        .unwrap();
    admin.execute("ALTER ROLE crowded NOSUPERUSER").await.unwrap();
    let url = crate::support::url(server).replace("observatory:observatory@", "crowded:x@");
    let store = postgres_adapter::PostgresStore::open(&url, options).unwrap();
    let (_, error) = failure(store.limits()).await;
    assert!(is_unavailable(&error), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_closed_store_answers_nothing() {
    let store = open(server().await, &options());
    store.admit(vec![job(1)], at(5)).await.unwrap();
    store.close().await;
    let (_, error) = failure(store.job(job(1).id)).await;
    assert!(is_unavailable(&error), "{error}");
}
