//! Everything about one job.

use ports::{JobDetail, JobSummary};
use sqlx::postgres::PgRow;
use uuid::Uuid;

use crate::core::{Operation, Session};
use crate::error::Failure;
use crate::history::last_ending;
use crate::job::{extra_columns, read_body};
use crate::logs;
use crate::row::{Fields, Stored, row_columns};

/// The job, if it is known.
pub(crate) struct Find(pub(crate) Uuid);

impl Operation for Find {
    type Answer = Option<JobDetail>;

    async fn run(&self, session: &mut Session<'_>) -> Result<Option<JobDetail>, Failure> {
        let sql = concat!(
            "SELECT ",
            row_columns!(),
            ", ",
            extra_columns!(),
            ", body, result,
             array(SELECT attempt FROM job_logs WHERE job_logs.seq = jobs.seq ORDER BY attempt),
             array(SELECT lines FROM job_logs WHERE job_logs.seq = jobs.seq ORDER BY attempt)
             FROM jobs WHERE id = $1"
        );
        let found = sqlx::query(sql)
            .bind(self.0)
            .fetch_optional(&mut *session.connection)
            .await?;
        found.as_ref().map(detail).transpose()
    }
}

fn detail(row: &PgRow) -> Result<JobDetail, Failure> {
    let stored = Stored::read(row)?;
    let mut fields = Fields {
        row,
        at: crate::job::BODY + 1,
    };
    let result: Option<Vec<u8>> = fields.next()?;
    let (attempts, lines): (Vec<i32>, Vec<String>) = (fields.next()?, fields.next()?);
    let logs = attempts.into_iter().zip(&lines);
    let result = result.map(String::from_utf8).transpose();
    Ok(JobDetail {
        summary: summary(&stored)?,
        failures: stored.row.failures,
        crashes: stored.row.crashes,
        round: stored.row.round,
        cancelling: stored.row.cancelling,
        accepted_at: stored.facts.accepted_at,
        body: read_body(row)?,
        result: result.map_err(|error| Failure::corrupt("result", error))?,
        correlation_id: stored.facts.correlation_id,
        history: stored.events()?,
        logs: logs
            .map(|(attempt, lines)| logs::read(attempt, lines))
            .collect::<Result<_, _>>()?,
    })
}

/// What a list shows of a job that was read with its history.
pub(crate) fn summary(stored: &Stored) -> Result<JobSummary, Failure> {
    let Stored { facts, row, .. } = stored;
    let ending = last_ending(stored.history.as_deref().unwrap_or_default())?.unwrap_or_default();
    Ok(JobSummary {
        id: facts.id,
        job_type: facts.job_type.clone(),
        status: row.status,
        created_at: facts.created_at,
        updated_at: stored.updated_at,
        attempt: row.attempt,
        priority: facts.priority,
        held: row.held,
        wake_at: row.wake_at,
        error: ending.error,
        run_micros: ending.run_micros,
    })
}
