//! Jobs that were taken and whose dispatch is durable.

use jiff::Timestamp;
use sqlx::postgres::PgBindIterExt;
use uuid::Uuid;

use crate::core::{Operation, Session};
use crate::error::Failure;

/// Makes taken jobs due again only at `again_at`, where their attempt has not been started and nothing holds them back.
/// A row that somebody else has locked is about to be started, or changed: it is left alone.
pub(crate) struct PutOff {
    pub(crate) taken: Vec<(Uuid, u32)>,
    pub(crate) again_at: Timestamp,
}

impl Operation for PutOff {
    type Answer = ();

    async fn run(&self, session: &mut Session<'_>) -> Result<(), Failure> {
        let sql = "
            WITH taken AS (
                SELECT j.seq FROM unnest($1::uuid[], $2::integer[]) AS t (id, attempt) CROSS JOIN LATERAL
                    (SELECT seq, attempt, wake_at, held FROM jobs WHERE jobs.id = t.id
                     OFFSET 0 FOR UPDATE SKIP LOCKED) j
                WHERE j.wake_at IS NOT NULL AND j.held IS NULL AND j.attempt + 1 = t.attempt
            )
            UPDATE jobs SET wake_at = $3, version = version + 1 FROM taken WHERE jobs.seq = taken.seq";
        sqlx::query(sql)
            .bind(self.taken.iter().map(|(id, _)| *id).bind_iter())
            .bind(
                self.taken
                    .iter()
                    .map(|(_, attempt)| attempt.cast_signed())
                    .bind_iter(),
            )
            .bind(self.again_at.as_microsecond())
            .execute(&mut *session.connection)
            .await?;
        Ok(())
    }
}
