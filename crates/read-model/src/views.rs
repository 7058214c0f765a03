//! What clients read. The names of fields here are the API.

mod attempt;
mod dead_letter;
mod error_group;
mod event;
mod job;
mod job_detail;
mod limits;
mod page;
mod schedule;
mod stats;
mod timeline;

pub(crate) use dead_letter::{DeadLetterPage, DeadLetterView};
pub(crate) use error_group::ErrorGroupList;
pub(crate) use event::{envelope_of, life};
pub(crate) use job::{JobSummaryPage, JobSummaryView};
pub(crate) use job_detail::JobView;
pub(crate) use limits::AllLimitsView;
pub(crate) use page::{AlertList, EventPage};
pub(crate) use schedule::{ScheduleList, ScheduleView};
pub(crate) use stats::{HistoryView, StatsView};
pub(crate) use timeline::TimelineView;

/// Microseconds as the milliseconds that clients read.
#[expect(clippy::cast_precision_loss, reason = "exact below 285 years")]
fn millis(micros: u64) -> f64 {
    micros as f64 / 1000.0
}
