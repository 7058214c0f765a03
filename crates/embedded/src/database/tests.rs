use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::SystemClock;
use ports::{Headers, Message, StoreError};
use rusqlite::Connection;

use super::*;

fn options() -> OpenOptions {
    OpenOptions::new(Arc::new(SystemClock))
}

#[test]
fn a_directory_is_used_by_one_at_a_time() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path(), options()).unwrap();
    let second = Database::open(directory.path(), options());
    let message = second.unwrap_err().to_string();
    assert!(message.contains("is in use by another observatory"), "{message}");
    drop(database);
    Database::open(directory.path(), options()).unwrap();
}

#[test]
fn the_directory_is_made() {
    let directory = tempfile::tempdir().unwrap();
    let inner = directory.path().join("a").join("b");
    Database::open(&inner, options()).unwrap();
    assert!(inner.join(FILE).exists());
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = Database::open(file.join("inside"), options()).unwrap_err();
    assert!(matches!(&error, OpenError::Directory { .. }), "{error}");
    assert!(error.to_string().contains("inside"));
}

#[test]
fn a_newer_database_is_refused_clearly() {
    let directory = tempfile::tempdir().unwrap();
    Database::open(directory.path(), options()).unwrap().close();
    let connection = Connection::open(directory.path().join(FILE)).unwrap();
    connection.pragma_update(None, "user_version", 999).unwrap();
    drop(connection);
    let error = Database::open(directory.path(), options()).unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 999, .. }), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join(FILE), vec![b'x'; 8192]).unwrap();
    let error = Database::open(directory.path(), options()).unwrap_err();
    assert!(matches!(error, OpenError::Database(_)), "{error}");
}

#[test]
fn the_file_is_durable_and_in_wal_mode() {
    let directory = tempfile::tempdir().unwrap();
    let connection = connection::open(&directory.path().join(FILE)).unwrap();
    let mode: String = connection
        .pragma_query_value(None, "journal_mode", |row| row.get(0))
        .unwrap();
    let synchronous: i64 = connection
        .pragma_query_value(None, "synchronous", |row| row.get(0))
        .unwrap();
    assert_eq!((&*mode, synchronous), ("wal", 2));
}

#[tokio::test]
async fn closing_twice_is_closing_once_and_adapters_say_so() {
    let directory = tempfile::tempdir().unwrap();
    let database = Database::open(directory.path(), options()).unwrap();
    let (bus, jobs) = (database.bus(), database.job_store());
    database.close();
    database.close();
    let message = Message {
        routing_key: "job.created".into(),
        headers: Headers::default(),
        body: Bytes::from_static(b"{}"),
    };
    assert!(bus.publish(ports::parcels(vec![message])).await.is_err());
    assert!(bus.ping(Duration::from_secs(5)).await.is_err());
    assert!(matches!(jobs.outbox(1).await, Err(StoreError::Unavailable(_))));
    assert!(matches!(jobs.retire("w").await, Err(StoreError::Unavailable(_))));
    let files: Vec<_> = std::fs::read_dir(directory.path()).unwrap().collect();
    assert_eq!(
        files.len(),
        2,
        "the database and the lock, no log beside it: {files:?}"
    );
}

#[tokio::test]
async fn leases_end_with_their_process_unless_told_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    let leases = || {
        let connection = Connection::open(directory.path().join(FILE)).unwrap();
        let count = connection.query_row("SELECT count(*) FROM leases", [], |row| row.get::<_, i64>(0));
        count.unwrap()
    };
    let database = Database::open(directory.path(), options()).unwrap();
    database
        .job_store()
        .heartbeat("w", jiff::Timestamp::MAX)
        .await
        .unwrap();
    drop(database);
    drop(Database::open(directory.path(), options().keep_leases(true)).unwrap());
    assert_eq!(leases(), 1);
    drop(Database::open(directory.path(), options()).unwrap());
    assert_eq!(leases(), 0);
}
