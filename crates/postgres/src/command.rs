//! What clients want of jobs that are there.

use contracts::EventType;
use domain::{Cancelled, JobEvent};
use jiff::Timestamp;
use ports::{Command, CommandOutcome};
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::codes::to_the_microsecond;
use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::forgotten;
use crate::insert::Starter;
use crate::row::Stored;
use crate::unique::{Ended, Keys, release};
use crate::work::{Done, Work};

/// Does what is wanted of each job, in order.
pub(crate) struct Commands {
    pub(crate) ids: Vec<Uuid>,
    pub(crate) command: Command,
    pub(crate) now: Timestamp,
}

impl Operation for Commands {
    type Answer = Done<Vec<CommandOutcome>>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Self::Answer, Failure> {
        session.lock_keys_of(&self.ids).await?;
        let mut work = session.lock_rows(&self.ids).await?;
        match self.command {
            Command::Cancel => self.cancel_all(session, work).await,
            Command::Retry => self.retry_all(session, work).await,
            Command::Delete => {
                let outcomes = self.delete_all(session, &mut work).await?;
                Ok(Done::new(outcomes, Vec::new()))
            }
        }
    }
}

impl Commands {
    async fn cancel_all(
        &self,
        session: &mut Session<'_>,
        mut work: Work,
    ) -> Result<Done<Vec<CommandOutcome>>, Failure> {
        let mut ended = Vec::new();
        let mut outcomes = Vec::new();
        for id in &self.ids {
            let outcome = self.cancel(&mut work, id)?;
            if outcome == CommandOutcome::Done {
                ended.extend(work.get(id).and_then(|stored| Ended::of(stored)));
            }
            outcomes.push(outcome);
        }
        work.write(session.connection, Starter::NOBODY).await?;
        release(session, &ended).await?;
        Ok(Done::new(outcomes, work.into_rows()))
    }

    fn cancel(&self, work: &mut Work, id: &Uuid) -> Result<CommandOutcome, Failure> {
        let Some(stored) = work.get(id) else {
            return Ok(CommandOutcome::Unknown);
        };
        let was_asked = stored.row.cancelling;
        match stored.row.cancel() {
            Cancelled::TooLate => Ok(CommandOutcome::Conflict(stored.row.status)),
            Cancelled::Requested => {
                stored.news.any |= !was_asked;
                Ok(CommandOutcome::Requested)
            }
            Cancelled::Now => {
                stored.released_until = None;
                let event = stored.event(EventType::Cancelled, self.now);
                stored.append(&event)?;
                work.post(&event)?;
                Ok(CommandOutcome::Done)
            }
        }
    }

    async fn retry_all(
        &self,
        session: &mut Session<'_>,
        mut work: Work,
    ) -> Result<Done<Vec<CommandOutcome>>, Failure> {
        let keyed = work
            .rows()
            .iter()
            .filter_map(|stored| stored.facts.unique_key.clone());
        let names: Vec<String> = keyed.collect();
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        let mut keys = Keys::read(session.connection, &names).await?;
        let outcomes = self.ids.iter().map(|id| self.retry(&mut work, &mut keys, id));
        let outcomes = outcomes.collect::<Result<Vec<_>, Failure>>()?;
        work.write(session.connection, Starter::NOBODY).await?;
        keys.write(session.connection).await?;
        Ok(Done::new(outcomes, work.into_rows()))
    }

    fn retry(&self, work: &mut Work, keys: &mut Keys, id: &Uuid) -> Result<CommandOutcome, Failure> {
        let now = to_the_microsecond(self.now);
        let Some(stored) = work.get(id) else {
            return Ok(CommandOutcome::Unknown);
        };
        let Some(event_type) = stored.row.revive(now) else {
            return Ok(CommandOutcome::Conflict(stored.row.status));
        };
        let event = JobEvent {
            run_at: Some(now),
            ..stored.event(event_type, now)
        };
        keys.own_or_wait(stored, now);
        stored.append(&event)?;
        work.post(&event)?;
        Ok(CommandOutcome::Done)
    }

    async fn delete_all(
        &self,
        session: &mut Session<'_>,
        work: &mut Work,
    ) -> Result<Vec<CommandOutcome>, Failure> {
        let ended = work
            .rows()
            .iter()
            .filter(|stored| stored.row.status.is_terminal());
        let ended: Vec<&Stored> = ended.collect();
        let seqs: Vec<i64> = ended.iter().map(|stored| stored.seq).collect();
        let never_started = ended.iter().filter(|stored| stored.row.attempt == 0);
        let never_started: Vec<Uuid> = never_started.map(|stored| stored.facts.id).collect();
        remove(session.connection, &seqs).await?;
        forgotten::note(session.connection, &never_started, self.now).await?;
        let mut gone = std::collections::HashSet::new();
        let outcomes = self.ids.iter().map(|id| match work.get(id) {
            Some(stored) if !stored.row.status.is_terminal() => CommandOutcome::Conflict(stored.row.status),
            Some(_) if gone.insert(*id) => CommandOutcome::Done,
            _ => CommandOutcome::Unknown,
        });
        let outcomes = outcomes.collect();
        for id in gone {
            session.core.known.take(&id);
        }
        Ok(outcomes)
    }
}

/// Removes jobs, with their logs.
pub(crate) async fn remove(connection: &mut PgConnection, seqs: &[i64]) -> Result<(), Failure> {
    if seqs.is_empty() {
        return Ok(());
    }
    let sql = "WITH logs AS (DELETE FROM job_logs WHERE seq = ANY($1)) DELETE FROM jobs WHERE seq = ANY($1)";
    sqlx::query(sql).bind(seqs).execute(connection).await?;
    Ok(())
}
