//! The server's clock.

use jiff::Timestamp;

use crate::codes::moment;
use crate::core::{Operation, Session};
use crate::error::Failure;

/// What time it is for the server: not when a transaction began, but now.
pub(crate) struct Now;

impl Operation for Now {
    type Answer = Timestamp;

    async fn run(&self, session: &mut Session<'_>) -> Result<Timestamp, Failure> {
        let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
        let micros: i64 = sqlx::query_scalar(sql)
            .fetch_one(&mut *session.connection)
            .await?;
        moment(micros)
    }
}
