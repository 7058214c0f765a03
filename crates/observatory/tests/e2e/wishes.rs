//! What clients want of jobs beyond running them: later, first, once, withdrawn, again, by the clock, within limits.

mod cancel;
mod delay;
mod limits;
mod priority;
mod retry;
mod schedules;
mod unique;
mod wait;

use crate::common::Shared;

/// For topics that leave everybody else's jobs alone.
static SHARED: Shared = Shared::new(&[]);
