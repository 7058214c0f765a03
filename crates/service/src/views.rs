//! What more than one service shows, in one form.

mod limits;
mod schedule;

pub use limits::{AllLimitsDocument, LimitsDocument, RateDocument};
pub use schedule::{SHOWN_FIRINGS, ScheduleView};
