//! What narrows a search: for every chunk of 1,024 consecutive numbers, what is to be found in it.
//!
//! An index by job would be written at as many places as a job has values, and cost more than the job itself. So the
//! index does not say which jobs have a value but which chunks may: a search reads the rows of these, and of the chunks
//! that are not indexed yet, and holds each against [`domain::query::Query::matches`].
//!
//! What never changes of a job is indexed behind the write path ([`indexer`]), once for each chunk and never before
//! nothing can arrive in it any more ([`crate::horizon`]). What does change is found by small indexes of the table
//! itself: statuses but for the two that most jobs have, reasons to be held back, the groups of errors.

mod digest;
mod filter;
mod hash;
mod indexer;
mod terms;
mod zones;

use std::ops::Range;

use sqlx::postgres::PgConnection;

use crate::error::Failure;

pub(crate) use digest::facts;
pub(crate) use filter::chunks_with;
pub(crate) use indexer::{IndexNow, Indexer};
pub(crate) use terms::{parts, priority_term};
pub(crate) use zones::{Interval, Zones};

/// How many jobs a chunk has, as a power of two.
const SIZE: u32 = 10;

/// The chunk of the job of this number.
pub(crate) const fn chunk_of(seq: i64) -> i64 {
    seq >> SIZE
}

/// The numbers of the jobs of a chunk.
pub(crate) const fn range_of(chunk: i64) -> Range<i64> {
    chunk << SIZE..(chunk + 1) << SIZE
}

/// Forgets the chunks before the first job, now and then.
pub(crate) async fn sweep(connection: &mut PgConnection) -> Result<(), Failure> {
    /// So many of them are worth a statement.
    const MANY: i64 = 64;
    let sql = "SELECT (SELECT seq FROM jobs ORDER BY seq LIMIT 1), (SELECT chunk FROM job_chunks ORDER BY chunk LIMIT 1)";
    let (first, known): (Option<i64>, Option<i64>) = sqlx::query_as(sql).fetch_one(&mut *connection).await?;
    let (Some(first), Some(known)) = (first.map(chunk_of), known) else {
        return Ok(());
    };
    if first < known + MANY {
        return Ok(());
    }
    let sql = "WITH parts AS (DELETE FROM job_filters WHERE part = ANY($2) AND chunk < $1)
               DELETE FROM job_chunks WHERE chunk < $1";
    sqlx::query(sql)
        .bind(first)
        .bind(filter::parts_of_filters())
        .execute(connection)
        .await?;
    Ok(())
}
