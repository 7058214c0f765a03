//! A stored job as it was created.

use bytes::Bytes;
use ports::NewJob;
use sqlx::postgres::PgRow;

use crate::error::Failure;
use crate::facts::Facts;
use crate::row::{Fields, ROW_COLUMNS};

/// The columns that a job has beside those of its row; the body comes behind them.
macro_rules! extra_columns {
    () => {
        "schedule, traceparent, tags"
    };
}
pub(crate) use extra_columns;

/// Where [`read_job`] finds the body.
pub(crate) const BODY: usize = ROW_COLUMNS + 3;

/// What a job has beside its row.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extra {
    pub(crate) schedule: Option<String>,
    pub(crate) traceparent: Option<String>,
    pub(crate) tags: Vec<String>,
}

impl Extra {
    /// Reads the columns of [`extra_columns`] behind those of the row.
    pub(crate) fn read(row: &PgRow) -> Result<Self, Failure> {
        let mut fields = Fields { row, at: ROW_COLUMNS };
        let (schedule, traceparent) = (fields.text()?, fields.text()?);
        let tags: Option<&str> = fields.next()?;
        let tags = tags.map(serde_json::from_str).transpose();
        Ok(Self {
            schedule,
            traceparent,
            tags: tags
                .map_err(|error| Failure::corrupt("tags", error))?
                .unwrap_or_default(),
        })
    }
}

/// Reads the body behind [`Extra`].
pub(crate) fn read_body(row: &PgRow) -> Result<Bytes, Failure> {
    let mut fields = Fields { row, at: BODY };
    Ok(fields.next::<Vec<u8>>()?.into())
}

/// Reads a job with the columns of its row, [`extra_columns`] and the body, in this order.
pub(crate) fn read_job(row: &PgRow, facts: &Facts) -> Result<NewJob, Failure> {
    let extra = Extra::read(row)?;
    Ok(NewJob {
        id: facts.id,
        job_type: facts.job_type.clone(),
        created_at: facts.created_at,
        accepted_at: facts.accepted_at,
        correlation_id: facts.correlation_id,
        traceparent: extra.traceparent,
        tags: extra.tags,
        priority: facts.priority,
        run_at: facts.run_at,
        unique_key: facts.unique_key.clone(),
        schedule: extra.schedule,
        body: read_body(row)?,
    })
}
