//! The thread itself.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};

use rusqlite::Connection;

use super::group::{commit, execute};
use super::inbox::{Inbox, Next, Waiting};
use super::{Attendant, Closing};
use crate::error::Failure;

/// The running writer.
pub(crate) struct WriterThread(Mutex<Option<JoinHandle<()>>>);

impl WriterThread {
    /// Waits until the thread has ended and its connection is closed.
    pub(crate) fn join(&self) {
        let handle = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if handle.is_some_and(|handle| handle.join().is_err()) {
            tracing::error!("writer thread panicked");
        }
    }
}

/// Starts the writer on its connection.
pub(crate) fn start(
    connection: Connection,
    inbox: Arc<Inbox>,
    attendant: Arc<dyn Attendant>,
) -> io::Result<WriterThread> {
    let work = move || run(connection, &inbox, &*attendant);
    let handle = Builder::new().name("sqlite-writer".to_owned()).spawn(work)?;
    Ok(WriterThread(Mutex::new(Some(handle))))
}

fn run(connection: Connection, inbox: &Inbox, attendant: &dyn Attendant) {
    loop {
        match inbox.next() {
            Next::Group(group) => {
                let room = group.iter().map(|waiting| waiting.room).sum();
                commit(&connection, group, attendant);
                inbox.release(room);
            }
            Next::End(how) => {
                refuse(inbox.leftovers());
                attendant.refused(&Failure::closed());
                if how == Closing::Drain {
                    leave_in_order(&connection, attendant);
                }
                break;
            }
        }
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "database not closed in order");
    }
}

fn refuse(waiting: Vec<Waiting>) {
    for waiting in waiting {
        waiting.operation.end(Err(Failure::closed()));
    }
}

fn leave_in_order(connection: &Connection, attendant: &dyn Attendant) {
    let farewell = || {
        execute(connection, "BEGIN IMMEDIATE")?;
        attendant.farewell(connection)?;
        execute(
            connection,
            "UPDATE meta SET value = 1 WHERE name = 'closed_in_order'",
        )?;
        execute(connection, "COMMIT")?;
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok::<(), Failure>(())
    };
    if let Err(failure) = farewell() {
        tracing::warn!(%failure, "database not left in order, the next start will repair it");
    }
}
