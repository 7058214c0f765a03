//! One transaction for everything that waits.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;

use super::inbox::Waiting;
use super::{Attendant, Operation};
use crate::error::Failure;

/// Runs and commits a group and answers everyone in it.
pub(super) fn commit(connection: &Connection, group: Vec<Waiting>, attendant: &dyn Attendant) {
    let mut operations: Vec<_> = group.into_iter().map(|waiting| waiting.operation).collect();
    let outcomes = match together(connection, &mut operations, attendant) {
        Ok(()) => vec![Ok(()); operations.len()],
        Err(Setback::Run) => {
            attendant.rolled_back();
            one_by_one(connection, &mut operations, attendant)
        }
        Err(Setback::Commit(failure)) => {
            attendant.rolled_back();
            attendant.refused(&failure);
            vec![Err(failure); operations.len()]
        }
    };
    for (operation, outcome) in operations.into_iter().zip(outcomes) {
        operation.end(outcome);
    }
}

/// Why a group did not go through as a whole.
enum Setback {
    /// Somebody in it failed, and the rest may still go through.
    Run,
    /// Nothing of it can be made durable.
    Commit(Failure),
}

fn together(
    connection: &Connection,
    operations: &mut [Box<dyn Operation>],
    attendant: &dyn Attendant,
) -> Result<(), Setback> {
    execute(connection, "BEGIN IMMEDIATE").map_err(Setback::Commit)?;
    let run = operations
        .iter_mut()
        .try_for_each(|operation| guarded(|| operation.run(connection)))
        .and_then(|()| guarded(|| attendant.write(connection)));
    if let Err(failure) = run {
        tracing::debug!(%failure, "group failed, running its operations one by one");
        roll_back(connection);
        return Err(Setback::Run);
    }
    finish(connection).map_err(Setback::Commit)?;
    attendant.committed();
    Ok(())
}

fn one_by_one(
    connection: &Connection,
    operations: &mut [Box<dyn Operation>],
    attendant: &dyn Attendant,
) -> Vec<Result<(), Failure>> {
    if let Err(failure) = execute(connection, "BEGIN IMMEDIATE") {
        attendant.refused(&failure);
        return vec![Err(failure); operations.len()];
    }
    let mut outcomes = Vec::with_capacity(operations.len());
    for operation in operations {
        let outcome = alone(connection, || operation.run(connection));
        if outcome.is_err() {
            attendant.rolled_back();
        }
        outcomes.push(outcome);
    }
    let written = alone(connection, || attendant.write(connection));
    if let Err(failure) = finish(connection) {
        attendant.rolled_back();
        attendant.refused(&failure);
        return outcomes
            .into_iter()
            .map(|outcome| outcome.and(Err(failure.clone())))
            .collect();
    }
    match written {
        Ok(()) => attendant.committed(),
        Err(failure) => {
            attendant.rolled_back();
            attendant.refused(&failure);
        }
    }
    outcomes
}

/// Runs `work` so that it leaves no trace if it fails.
fn alone(connection: &Connection, work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    execute(connection, "SAVEPOINT operation")?;
    let outcome = guarded(work);
    if outcome.is_err() {
        execute(connection, "ROLLBACK TO operation")?;
    }
    execute(connection, "RELEASE operation")?;
    outcome
}

/// A bug in one operation must not take the writer with it.
fn guarded(work: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        tracing::error!("operation panicked");
        Err(Failure::Refused("operation panicked".to_owned()))
    })
}

pub(super) fn execute(connection: &Connection, sql: &str) -> Result<(), Failure> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

fn finish(connection: &Connection) -> Result<(), Failure> {
    execute(connection, "COMMIT").inspect_err(|failure| {
        tracing::error!(%failure, "commit failed");
        roll_back(connection);
    })
}

/// After some errors SQLite has rolled back on its own.
fn roll_back(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(failure) = execute(connection, "ROLLBACK") {
        tracing::error!(%failure, "rollback failed");
    }
}
