//! Calls of the client library that take their place in the order at once and end later.

use std::future::Future;
use std::pin::Pin;

use futures::future::{BoxFuture, MaybeDone, maybe_done};
use futures::{FutureExt, poll};

/// A call that is on its way. The library queues a call's frames when it is asked for the first time.
pub(crate) struct Started<T>(Pin<Box<MaybeDone<BoxFuture<'static, T>>>>);

impl<T: 'static> Started<T> {
    /// Puts `call` on its way, behind all that were started before.
    pub(crate) async fn now(call: impl Future<Output = T> + Send + 'static) -> Self {
        let mut call = Box::pin(maybe_done(call.boxed()));
        let _pending = poll!(&mut call);
        Self(call)
    }

    /// What came of it. `None` is impossible: the outcome is taken only here.
    pub(crate) async fn outcome(mut self) -> Option<T> {
        self.0.as_mut().await;
        self.0.as_mut().take_output()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test]
    async fn a_call_begins_when_it_is_started_and_ends_when_it_is_awaited() {
        let steps = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&steps);
        let started = Started::now(async move {
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            counted.fetch_add(1, Ordering::Relaxed)
        });
        let started = started.await;
        assert_eq!(steps.load(Ordering::Relaxed), 1);
        assert_eq!(started.outcome().await, Some(1));
        assert_eq!(steps.load(Ordering::Relaxed), 2);
    }
}
