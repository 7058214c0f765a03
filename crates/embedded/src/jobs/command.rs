//! What clients want of jobs that are there.

use contracts::EventType;
use domain::{Cancelled, JobEvent};
use jiff::Timestamp;
use ports::{Command, CommandOutcome};
use uuid::Uuid;

use super::facts::to_the_microsecond;
use super::outbox;
use super::row::Stored;
use super::table::Table;
use super::unique;
use crate::error::Failure;

/// Does what is wanted of each job, in order.
pub(super) fn command(
    table: &mut Table<'_>,
    ids: &[Uuid],
    command: Command,
    now: Timestamp,
) -> Result<Vec<CommandOutcome>, Failure> {
    let each = |id: &Uuid| {
        let Some(stored) = table.find(*id)? else {
            return Ok(CommandOutcome::Unknown);
        };
        obey(table, stored, command, now)
    };
    ids.iter().map(each).collect()
}

fn obey(
    table: &mut Table<'_>,
    mut stored: Stored,
    command: Command,
    now: Timestamp,
) -> Result<CommandOutcome, Failure> {
    let outcome = match command {
        Command::Cancel => cancel(table, &mut stored, now)?,
        Command::Retry => retry(table, &mut stored, now)?,
        Command::Delete if table.forget(&stored, now)? => return Ok(CommandOutcome::Done),
        Command::Delete => CommandOutcome::Conflict(stored.row.status),
    };
    table.keep(stored);
    Ok(outcome)
}

fn cancel(table: &mut Table<'_>, stored: &mut Stored, now: Timestamp) -> Result<CommandOutcome, Failure> {
    let was_asked = stored.row.cancelling;
    match stored.row.cancel() {
        Cancelled::TooLate => Ok(CommandOutcome::Conflict(stored.row.status)),
        Cancelled::Requested if was_asked => Ok(CommandOutcome::Requested),
        Cancelled::Requested => {
            let updated_at = stored.updated_at()?;
            table.update(stored, updated_at, None)?;
            Ok(CommandOutcome::Requested)
        }
        Cancelled::Now => {
            let event = stored.event(EventType::Cancelled, now);
            write(table, stored, &event)
        }
    }
}

fn retry(table: &mut Table<'_>, stored: &mut Stored, now: Timestamp) -> Result<CommandOutcome, Failure> {
    let now = to_the_microsecond(now);
    let Some(event_type) = stored.row.revive(now) else {
        return Ok(CommandOutcome::Conflict(stored.row.status));
    };
    let event = JobEvent {
        run_at: Some(now),
        ..stored.event(event_type, now)
    };
    unique::own_or_wait(table.connection(), stored, now)?;
    write(table, stored, &event)
}

/// Writes a transition that no message asked for: its event leaves through the outbox.
fn write(table: &mut Table<'_>, stored: &mut Stored, event: &JobEvent) -> Result<CommandOutcome, Failure> {
    stored.append(event, None);
    table.update(stored, event.at, None)?;
    outbox::put(table.connection(), event)?;
    Ok(CommandOutcome::Done)
}
