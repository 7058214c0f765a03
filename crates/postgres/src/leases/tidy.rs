//! The notes of claims, kept short: whoever records the last result of a claim lets its note go, but may have died
//! before, or may not have known.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::time::Instant;

use crate::core::{Operation, Session};
use crate::error::Failure;

/// How often each process looks.
const OFTEN: Duration = Duration::from_secs(10);

/// When this process has looked.
#[derive(Debug, Default)]
pub(crate) struct Tidied(Mutex<Option<Instant>>);

impl Tidied {
    /// Whether it is time to look; then it is not for a while.
    pub(crate) fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = last.is_none_or(|last| last.elapsed() > OFTEN);
        if is_due {
            *last = Some(Instant::now());
        }
        is_due
    }
}

/// Lets go of the notes of claims of which nothing runs any more, and of the numbers in the others of what does not.
/// Fresh notes are left alone: what they speak of may not be to be seen yet.
pub(crate) struct Tidy;

impl Operation for Tidy {
    type Answer = ();

    async fn run(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let sql = "
            WITH old AS (
                SELECT claim, worker, job_type, seqs, array(
                    SELECT DISTINCT jobs.seq FROM unnest(job_claims.seqs) AS s (seq) JOIN jobs ON jobs.seq = s.seq
                    WHERE jobs.status = 4 AND jobs.claim = job_claims.claim) AS running
                FROM job_claims WHERE noted_at < clock_timestamp() - interval '10 seconds'
            ), gone AS (
                DELETE FROM job_claims USING old
                WHERE job_claims.claim = old.claim AND job_claims.worker = old.worker
                  AND job_claims.job_type = old.job_type AND job_claims.seqs = old.seqs AND old.running = '{}'
            )
            UPDATE job_claims SET seqs = old.running FROM old
            WHERE job_claims.claim = old.claim AND job_claims.worker = old.worker
              AND job_claims.job_type = old.job_type AND job_claims.seqs = old.seqs
              AND old.running <> '{}' AND old.running <> old.seqs";
        sqlx::query(sql).execute(&mut *session.connection).await?;
        Ok(())
    }
}
