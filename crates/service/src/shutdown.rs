//! Two-stage shutdown: the first signal drains, the second stops at once.

use tokio_util::sync::CancellationToken;

/// The two stages, shared by everything that runs.
#[derive(Clone, Debug)]
pub struct Shutdown {
    /// Take nothing new; finish what runs or hand it back.
    pub soft: CancellationToken,
    /// Stop now. It implies the soft stage.
    pub hard: CancellationToken,
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

impl Shutdown {
    /// Neither stage reached.
    pub fn new() -> Self {
        let hard = CancellationToken::new();
        Self {
            soft: hard.child_token(),
            hard,
        }
    }

    /// Goes one stage further: first soft, then hard.
    pub fn advance(&self) {
        if self.soft.is_cancelled() {
            self.hard.cancel();
        } else {
            self.soft.cancel();
        }
    }

    /// Advances with every SIGINT and SIGTERM (Ctrl-C elsewhere) until the hard stage.
    ///
    /// # Errors
    /// When the signals cannot be listened to.
    pub fn on_signals(&self) -> std::io::Result<()> {
        let mut signals = signals::Signals::listen()?;
        let this = self.clone();
        tokio::spawn(async move {
            while !this.hard.is_cancelled() {
                let name = signals.next().await;
                this.advance();
                let stage = if this.hard.is_cancelled() {
                    "at once"
                } else {
                    "after what runs; again to stop at once"
                };
                tracing::info!(signal.name = name, "stopping {stage}");
            }
        });
        Ok(())
    }
}

#[cfg(unix)]
mod signals {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    pub(super) struct Signals {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Signals {
        pub(super) fn listen() -> std::io::Result<Self> {
            Ok(Self {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
            })
        }

        pub(super) async fn next(&mut self) -> &'static str {
            tokio::select! {
                _ = self.interrupt.recv() => "SIGINT",
                _ = self.terminate.recv() => "SIGTERM",
            }
        }
    }
}

#[cfg(not(unix))]
mod signals {
    pub(super) struct Signals;

    impl Signals {
        pub(super) fn listen() -> std::io::Result<Self> {
            Ok(Self)
        }

        pub(super) async fn next(&mut self) -> &'static str {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            "Ctrl-C"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_is_soft_and_the_second_hard() {
        let shutdown = Shutdown::new();
        assert!(!shutdown.soft.is_cancelled());
        shutdown.advance();
        assert!(shutdown.soft.is_cancelled() && !shutdown.hard.is_cancelled());
        shutdown.advance();
        assert!(shutdown.hard.is_cancelled());
    }

    #[test]
    fn a_hard_stop_is_a_soft_one_too() {
        let shutdown = Shutdown::new();
        shutdown.hard.cancel();
        assert!(shutdown.soft.is_cancelled());
    }
}
