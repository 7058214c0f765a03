use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::*;
use crate::error::Failure;

/// Writes a note in every group and counts what became of it.
#[derive(Default)]
struct Notes {
    committed: AtomicU32,
    rolled_back: AtomicU32,
    refused: AtomicU32,
}

impl Attendant for Notes {
    fn write(&self, connection: &Connection) -> Result<(), Failure> {
        connection.execute("INSERT INTO notes DEFAULT VALUES", [])?;
        Ok(())
    }

    fn committed(&self) {
        self.committed.fetch_add(1, Ordering::SeqCst);
    }

    fn rolled_back(&self) {
        self.rolled_back.fetch_add(1, Ordering::SeqCst);
    }

    fn refused(&self, _: &Failure) {
        self.refused.fetch_add(1, Ordering::SeqCst);
    }

    fn farewell(&self, _: &Connection) -> Result<(), Failure> {
        Ok(())
    }
}

struct Writer {
    inbox: Arc<Inbox>,
    notes: Arc<Notes>,
    thread: WriterThread,
    directory: tempfile::TempDir,
}

impl Writer {
    fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let connection = Connection::open(directory.path().join("test.sqlite")).unwrap();
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;
                 CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER);
                 CREATE TABLE notes (seq INTEGER PRIMARY KEY);
                 CREATE TABLE numbers (number INTEGER PRIMARY KEY);
                 CREATE TABLE orphans (parent INTEGER REFERENCES numbers (number) DEFERRABLE INITIALLY DEFERRED);",
            )
            .unwrap();
        let (inbox, notes) = (Arc::new(Inbox::new()), Arc::new(Notes::default()));
        let attendant = Arc::clone(&notes) as Arc<dyn Attendant>;
        let thread = start(connection, Arc::clone(&inbox), attendant).unwrap();
        Self {
            inbox,
            notes,
            thread,
            directory,
        }
    }

    async fn send<T: Send + 'static>(
        &self,
        order: Order,
        work: impl FnMut(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> oneshot::Receiver<Result<T, Failure>> {
        let (operation, answered) = call(work);
        self.inbox.send(operation, order, 0).await.unwrap();
        answered
    }

    /// Keeps the writer busy until the answer is dropped or sent, so that what is sent next is one group.
    async fn hold(&self) -> std::sync::mpsc::Sender<()> {
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (begun, begins) = oneshot::channel();
        let mut begun = Some(begun);
        drop(
            self.send(Order::Arrival, move |_| {
                begun.take().map(|begun| begun.send(()));
                let _ = released.recv();
                Ok(())
            })
            .await,
        );
        begins.await.unwrap();
        release
    }

    fn numbers(&self) -> Vec<i64> {
        let connection = Connection::open(self.directory.path().join("test.sqlite")).unwrap();
        let mut find = connection
            .prepare("SELECT number FROM numbers ORDER BY number")
            .unwrap();
        let rows = find.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.inbox.close(Closing::Abort);
        self.thread.join();
    }
}

fn insert(number: i64) -> impl FnMut(&Connection) -> Result<(), Failure> + Send + 'static {
    move |connection| {
        connection.execute("INSERT INTO numbers VALUES (?1)", [number])?;
        Ok(())
    }
}

#[tokio::test]
async fn what_waits_is_committed_together() {
    let writer = Writer::start();
    let release = writer.hold().await;
    let mut answers = Vec::new();
    for number in 0..50 {
        answers.push(writer.send(Order::Arrival, insert(number)).await);
    }
    drop(release);
    for answer in answers {
        assert_eq!(answer.await.unwrap(), Ok(()));
    }
    assert_eq!(writer.numbers().len(), 50);
    assert_eq!(
        writer.notes.committed.load(Ordering::SeqCst),
        2,
        "the one that held, and one group"
    );
}

#[tokio::test]
async fn one_that_fails_leaves_no_trace_and_spoils_no_other() {
    let writer = Writer::start();
    let release = writer.hold().await;
    let first = writer.send(Order::Arrival, insert(1)).await;
    let failing = writer
        .send(Order::Arrival, |connection| {
            connection.execute("INSERT INTO numbers VALUES (100)", [])?;
            connection.execute("INSERT INTO numbers VALUES (1)", [])?;
            Ok(())
        })
        .await;
    let last = writer.send(Order::Arrival, insert(2)).await;
    drop(release);
    assert_eq!(first.await.unwrap(), Ok(()));
    assert!(matches!(failing.await.unwrap(), Err(Failure::Corrupt(_))));
    assert_eq!(last.await.unwrap(), Ok(()));
    assert_eq!(writer.numbers(), [1, 2]);
    assert_eq!(
        writer.notes.rolled_back.load(Ordering::SeqCst),
        2,
        "the group, and the one that failed"
    );
    assert_eq!(writer.notes.committed.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn one_that_panics_is_refused_and_the_writer_goes_on() {
    let writer = Writer::start();
    let release = writer.hold().await;
    let failing = writer.send::<()>(Order::Arrival, |_| panic!("a bug")).await;
    let other = writer.send(Order::Arrival, insert(1)).await;
    drop(release);
    assert!(matches!(failing.await.unwrap(), Err(Failure::Refused(_))));
    assert_eq!(other.await.unwrap(), Ok(()));
    assert_eq!(writer.numbers(), [1]);
}

#[tokio::test]
async fn a_commit_that_fails_fails_everyone_in_it_and_nobody_after() {
    let writer = Writer::start();
    let release = writer.hold().await;
    let innocent = writer.send(Order::Arrival, insert(1)).await;
    let spoiler = writer
        .send(Order::Arrival, |connection| {
            connection.execute("INSERT INTO orphans VALUES (77)", [])?;
            Ok(())
        })
        .await;
    drop(release);
    assert!(innocent.await.unwrap().is_err() && spoiler.await.unwrap().is_err());
    assert_eq!(writer.notes.refused.load(Ordering::SeqCst), 1);
    let later = writer.send(Order::Arrival, insert(2)).await;
    assert_eq!(later.await.unwrap(), Ok(()));
    assert_eq!(writer.numbers(), [2]);
}

#[tokio::test]
async fn late_operations_run_after_the_others() {
    let writer = Writer::start();
    let release = writer.hold().await;
    let ran = Arc::new(Mutex::new(Vec::new()));
    let mut answers = Vec::new();
    for (number, order) in [
        (1, Order::Late),
        (2, Order::Arrival),
        (3, Order::Late),
        (4, Order::Arrival),
    ] {
        let ran = Arc::clone(&ran);
        let note = move |_: &Connection| {
            ran.lock().unwrap().push(number);
            Ok(())
        };
        answers.push(writer.send(order, note).await);
    }
    drop(release);
    for answer in answers {
        answer.await.unwrap().unwrap();
    }
    assert_eq!(*ran.lock().unwrap(), [2, 4, 1, 3]);
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_its_work_back() {
    let writer = Writer::start();
    let release = writer.hold().await;
    drop(writer.send(Order::Arrival, insert(1)).await);
    let other = writer.send(Order::Arrival, insert(2)).await;
    drop(release);
    other.await.unwrap().unwrap();
    assert_eq!(writer.numbers(), [1, 2]);
}

#[tokio::test]
async fn closing_does_what_waits_and_refuses_the_rest() {
    let writer = Writer::start();
    let release = writer.hold().await;
    let waiting = writer.send(Order::Arrival, insert(1)).await;
    writer.inbox.close(Closing::Drain);
    let (operation, _) = call(insert(2));
    assert_eq!(
        writer.inbox.send(operation, Order::Arrival, 0).await,
        Err(Failure::closed())
    );
    drop(release);
    assert_eq!(waiting.await.unwrap(), Ok(()));
    writer.thread.join();
    assert_eq!(writer.numbers(), [1]);
}

#[tokio::test]
async fn aborting_answers_what_waits_without_doing_it() {
    let writer = Writer::start();
    let release = writer.hold().await;
    let waiting = writer.send(Order::Arrival, insert(1)).await;
    writer.inbox.close(Closing::Abort);
    drop(release);
    assert_eq!(waiting.await.unwrap(), Err(Failure::closed()));
    writer.thread.join();
    assert_eq!(writer.numbers(), Vec::<i64>::new());
}

#[tokio::test]
async fn the_attendant_gets_a_commit_of_its_own_when_it_asks_for_one() {
    let writer = Writer::start();
    writer.inbox.wake_by(Instant::now());
    let synced = writer.send(Order::Late, |_| Ok(())).await;
    synced.await.unwrap().unwrap();
    assert!(writer.notes.committed.load(Ordering::SeqCst) >= 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_waits_for_room_only_so_long() {
    let writer = Writer::start();
    let all = writer.inbox.reserve(usize::MAX).await.unwrap();
    assert!(matches!(
        writer.inbox.reserve(0).await,
        Err(Failure::Unavailable(_))
    ));
    writer.inbox.release(all);
    assert!(writer.inbox.reserve(0).await.is_ok());
}
