//! What clients read. The names of fields here are the API.

mod dead_letter;
mod event;
mod job;
mod page;
mod stats;

pub(crate) use dead_letter::DeadLetterPage;
pub(crate) use event::{envelope_of, timeline};
pub(crate) use job::{JobSummaryPage, JobSummaryView, JobView};
pub(crate) use page::{AlertList, EventPage};
pub(crate) use stats::{HistoryView, StatsView};

/// Microseconds as the milliseconds that clients read.
#[expect(clippy::cast_precision_loss, reason = "exact below 285 years")]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}
