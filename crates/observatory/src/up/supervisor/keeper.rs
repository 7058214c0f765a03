//! Keeps one role running until it is to stop.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use domain::duration::Span;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::child::Running;
use super::pauses::Pauses;
use super::plan::Member;

/// Keeps one role running.
pub(super) struct Keeper {
    pub(super) member: Member,
    /// Cancelled when it is this role's turn to stop.
    pub(super) stop: CancellationToken,
    /// Cancelled when everything is to end at once.
    pub(super) kill: CancellationToken,
    /// How long the role may take to stop before it is killed.
    pub(super) limit: Duration,
    /// Whether a person reads what the role writes.
    pub(super) on_terminal: bool,
}

impl Keeper {
    /// Starts the role, and again whenever it ends by itself.
    pub(super) async fn keep(self) {
        let mut pauses = Pauses::default();
        while !self.stop.is_cancelled() {
            let since = Instant::now();
            let ended = match Running::start(&self.member, self.on_terminal) {
                Ok(mut running) => tokio::select! {
                    ended = running.ended() => ended,
                    () = self.stop.cancelled() => return self.end(running).await,
                },
                Err(error) => Err(error),
            };
            let pause = pauses.after(since.elapsed());
            self.tell(ended, pause);
            tokio::select! {
                () = sleep(pause) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    fn tell(&self, ended: io::Result<ExitStatus>, pause: Duration) {
        let (name, pause) = (&self.member.name, Span::from(pause));
        match ended {
            Ok(status) => tracing::warn!("{name} ended by itself ({status}); starting it again in {pause}"),
            Err(error) => tracing::warn!("{name} cannot be started ({error}); trying again in {pause}"),
        }
    }

    /// Asks the role to stop, and kills it where it does not.
    async fn end(&self, mut running: Running) {
        let name = &self.member.name;
        running.ask_to_stop();
        tokio::select! {
            ended = running.ended() => match ended {
                Ok(status) if status.success() => tracing::info!("{name} stopped"),
                Ok(status) => tracing::warn!("{name} stopped badly ({status})"),
                Err(error) => tracing::warn!(%error, "{name}: its end was not seen"),
            },
            () = sleep(self.limit) => {
                tracing::warn!("{name} did not stop in {}, killing it", Span::from(self.limit));
                running.kill().await;
            }
            () = self.kill.cancelled() => running.kill().await,
        }
    }
}
