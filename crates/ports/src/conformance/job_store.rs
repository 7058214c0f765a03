//! The suite of [`JobStore`](crate::JobStore).

pub mod admitting;
pub mod cancelling;
pub mod catching_up;
pub mod claiming;
pub mod commanding;
pub mod concurrency;
pub mod detail;
pub mod due;
pub mod durability;
pub mod firing;
pub mod holding;
pub mod journaling;
pub mod leases;
pub mod limiting;
pub mod listing;
mod lists;
pub mod logs;
pub mod many;
pub mod outbox;
pub mod pruning;
pub mod random;
pub mod rates;
pub mod recording;
pub mod reserving;
pub mod reviving;
pub mod rule;
pub mod schedules;
pub mod scheduling;
pub mod searching;
mod support;
pub mod unique;

/// Tests an adapter of the job store; see [`conformance`](crate::conformance).
#[macro_export]
macro_rules! job_store_suite {
    ($harness:expr) => {
        $crate::__job_store_lives! { $harness }
        $crate::__job_store_wishes! { $harness }
    };
}
