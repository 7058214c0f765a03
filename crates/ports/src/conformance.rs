//! One suite per port, run unchanged against every adapter.
//!
//! An adapter's tests implement [`Harness`] for its port and call the suite's macro, which makes one test of
//! every case:
//!
//! ```ignore
//! mod bus {
//!     ports::bus_suite!(super::MyHarness::new());
//! }
//! ```
//!
//! The expression is evaluated once per test. Cases know the trait alone: they wait for conditions, never for
//! a while, and every wait has a limit ([`LIMIT`]), so a failure names what did not come.

pub mod bus;
mod dice;
pub mod event_log;
mod facts;
pub mod job_store;
pub mod live_stats;
mod wait;

use std::sync::Arc;

use async_trait::async_trait;

pub use wait::LIMIT;

/// How a suite gets instances of the port `P`, for example `dyn EventBus`.
#[async_trait]
pub trait Harness<P: ?Sized>: Send + Sync {
    /// An empty instance with data of its own. Called once per harness.
    async fn fresh(&self) -> Arc<P>;

    /// The same data after a crash: as after `kill -9` of everything and a new start, so nothing that was
    /// only in memory is there. The caller has dropped whatever it had of the instance before.
    async fn reopen(&self) -> Arc<P>;
}

/// Makes one test of every named case; the suites' macros call it.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_cases {
    ($port:ident, $harness:expr; $($topic:ident: [$($case:ident),* $(,)?])*) => {
        $($(
            #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let harness = $harness;
                $crate::conformance::$port::$topic::$case(&harness).await;
            }
        )*)*
    };
}
