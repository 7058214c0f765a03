//! Everything that the index knows of one chunk.

use std::collections::{BTreeMap, HashSet};

use domain::query::{Body, Facts};
use sqlx::postgres::PgConnection;

use super::{Zones, filter, range_of, terms};
use crate::error::Failure;
use crate::job::{Extra, extra_columns, read_body};
use crate::row::{Stored, row_columns};

/// What is to be stored of a chunk.
#[derive(Debug)]
pub(super) struct Digest {
    chunk: i64,
    filter: BTreeMap<i16, Vec<u8>>,
    zones: Zones,
}

impl Digest {
    /// Reads the jobs of a chunk.
    pub(super) async fn read(connection: &mut PgConnection, chunk: i64) -> Result<Self, Failure> {
        let sql = concat!(
            "SELECT ",
            row_columns!(),
            ", ",
            extra_columns!(),
            ", body FROM jobs WHERE seq >= $1 AND seq < $2"
        );
        let numbers = range_of(chunk);
        let query = sqlx::query(sql).bind(numbers.start).bind(numbers.end);
        let (mut found, mut zones) = (HashSet::new(), Zones::NEVER);
        for row in query.fetch_all(connection).await? {
            let (stored, extra) = (Stored::read(&row)?, Extra::read(&row)?);
            // A text that does not read has neither payload nor metadata.
            let body: Body = serde_json::from_slice(&read_body(&row)?).unwrap_or_default();
            terms::take_in(&mut found, &facts(&stored, &extra, &body, None));
            zones.include(stored.facts.accepted_at, stored.facts.created_at);
        }
        Ok(Self {
            chunk,
            filter: filter::build(&found),
            zones,
        })
    }

    /// Stores what was read.
    pub(super) async fn write(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        filter::write(connection, self.chunk, &self.filter).await?;
        self.zones.write(connection, self.chunk).await
    }
}

/// What a question is held against.
pub(crate) fn facts<'f>(
    stored: &'f Stored,
    extra: &'f Extra,
    body: &'f Body,
    error: Option<&'f str>,
) -> Facts<'f> {
    let (facts, row) = (&stored.facts, &stored.row);
    Facts {
        id: facts.id,
        job_type: &facts.job_type,
        status: row.status,
        tags: &extra.tags,
        priority: facts.priority,
        unique_key: facts.unique_key.as_deref(),
        schedule: extra.schedule.as_deref(),
        held: row.held,
        worker: row.worker.as_deref(),
        error,
        attempt: row.attempt,
        failures: row.failures,
        crashes: row.crashes,
        accepted_at: facts.accepted_at,
        created_at: facts.created_at,
        updated_at: stored.updated_at,
        wake_at: row.wake_at,
        payload: body.payload.as_ref(),
        metadata: body.metadata.as_ref(),
    }
}
