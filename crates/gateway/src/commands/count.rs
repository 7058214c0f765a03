//! How many jobs a command would be for.

use std::time::Duration;

use service::problem::Problem;
use tokio::time::Instant;

use super::matching::{Matched, Pages};
use crate::bulk;
use crate::gateway::Shared;

/// The longest that is counted. Less than any client waits for an answer, and enough for millions.
const COUNTED_FOR: Duration = Duration::from_mins(1);

/// Counts the matches, page by page as they would be commanded.
///
/// # Errors
/// 503 where the store is away.
pub(super) async fn count(shared: &Shared, mut pages: Pages) -> Result<Matched, Problem> {
    let _place = bulk::place(shared)?;
    let deadline = Instant::now() + COUNTED_FOR;
    let mut matched = 0;
    while Instant::now() < deadline {
        match pages.next().await? {
            Some(ids) => matched += ids.len() as u64,
            None => {
                return Ok(Matched {
                    matched,
                    complete: true,
                });
            }
        }
    }
    Ok(Matched {
        matched,
        complete: false,
    })
}
