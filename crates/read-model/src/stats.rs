//! Numbers that follow from the counters.

mod history;
mod in_flight;
mod throughput;

pub(crate) use history::{STEP, fill, first_minute};
pub(crate) use in_flight::InFlight;
pub(crate) use throughput::{Throughput, recent_rate};
