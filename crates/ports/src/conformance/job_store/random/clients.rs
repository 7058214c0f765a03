//! What clients want of jobs.

use domain::Cancelled;
use uuid::Uuid;

use super::super::support::at;
use super::World;
use crate::{Command, CommandOutcome};

impl World {
    /// Mostly a cancel or a retry of a job that is there.
    pub(super) async fn command(&mut self) {
        let job_id = self.any_job().id;
        let command = match self.dice.below(20) {
            0 => Command::Delete,
            1..10 => Command::Cancel,
            _ => Command::Retry,
        };
        let outcome = self
            .store
            .command_ids(vec![job_id], command, at(self.now))
            .await
            .remove(0);
        let expected = self.expected(job_id, command);
        assert_eq!(outcome, expected, "{command:?}");
        if outcome == CommandOutcome::Done {
            self.left(job_id, None).await;
        }
    }

    /// What a wish has to come to; the model follows.
    fn expected(&mut self, job_id: Uuid, command: Command) -> CommandOutcome {
        let now = at(self.now);
        let Some(model) = self.models.get_mut(&job_id) else {
            return CommandOutcome::Unknown;
        };
        let conflict = CommandOutcome::Conflict(model.row.status);
        match command {
            Command::Cancel => match model.row.cancel() {
                Cancelled::Now => {
                    model.note_without_message(contracts::EventType::Cancelled);
                    CommandOutcome::Done
                }
                Cancelled::Requested => CommandOutcome::Requested,
                Cancelled::TooLate => conflict,
            },
            Command::Retry => match model.row.revive(now) {
                Some(event_type) => {
                    model.note_without_message(event_type);
                    CommandOutcome::Done
                }
                None => conflict,
            },
            Command::Delete if model.row.status.is_terminal() => {
                self.models.remove(&job_id);
                self.gone.insert(job_id);
                CommandOutcome::Done
            }
            Command::Delete => conflict,
        }
    }

    /// Every worker is told exactly what it has to end.
    pub(super) async fn ask_for_cancellations(&mut self) {
        for worker in super::WORKERS {
            let wanted = self.models.values().filter(|model| {
                model.runs() && model.row.cancelling && model.row.worker.as_deref() == Some(worker)
            });
            let mut wanted: Vec<_> = wanted.map(|model| (model.job.id, model.row.attempt)).collect();
            wanted.sort_unstable();
            assert_eq!(self.store.cancellations(worker).await, wanted, "of {worker}");
        }
    }
}
