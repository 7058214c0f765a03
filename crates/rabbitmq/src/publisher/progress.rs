//! Whether a broker that is late with a confirm is slow, or gone.

use std::time::Duration;

use tokio::time::Instant;

/// What a publication that is not confirmed says of the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trip {
    /// Nothing, if others are confirmed.
    Late,
    /// It is gone, or what was declared over it.
    Broken(String),
}

/// When a broker was last seen to confirm.
#[derive(Debug)]
pub(super) struct Progress {
    since: Instant,
    limit: Duration,
}

impl Progress {
    /// A broker that may take `limit` until its next confirm.
    pub(super) fn new(limit: Duration) -> Self {
        Self {
            since: Instant::now(),
            limit,
        }
    }

    /// Something is published after everything was confirmed: nobody waited for a confirm meanwhile.
    pub(super) fn resume(&mut self) {
        self.since = Instant::now();
    }

    /// Why the connection is to be given up after a publication has landed, if it is. A broker that is only slow is left
    /// alone: to connect again and publish everything once more would make it slower.
    pub(super) fn landed(&mut self, landed: Result<(), Trip>) -> Option<String> {
        match landed {
            Ok(()) => {
                self.since = Instant::now();
                None
            }
            Err(Trip::Late) if self.since.elapsed() < self.limit => None,
            Err(Trip::Late) => Some(format!("no confirm within {:?}", self.limit)),
            Err(Trip::Broken(reason)) => Some(reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(5);
    const WITHIN: Duration = Duration::from_secs(4);

    #[tokio::test(start_paused = true)]
    async fn a_broker_that_confirms_others_is_slow_and_not_gone() {
        let mut progress = Progress::new(LIMIT);
        for _ in 0..3 {
            advance(WITHIN).await;
            assert_eq!(progress.landed(Ok(())), None);
            assert_eq!(progress.landed(Err(Trip::Late)), None);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_broker_that_confirms_nothing_is_gone() {
        let mut progress = Progress::new(LIMIT);
        advance(LIMIT).await;
        let reason = progress.landed(Err(Trip::Late));
        assert!(reason.is_some_and(|reason| reason.contains("no confirm")));
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_in_which_nobody_published_does_not_count() {
        let mut progress = Progress::new(LIMIT);
        advance(10 * LIMIT).await;
        progress.resume();
        assert_eq!(progress.landed(Err(Trip::Late)), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_is_gone_is_given_up_at_once() {
        let gone = Trip::Broken("channel closed".to_owned());
        let reason = Progress::new(LIMIT).landed(Err(gone));
        assert_eq!(reason.as_deref(), Some("channel closed"));
    }
}
