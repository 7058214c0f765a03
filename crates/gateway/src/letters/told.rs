//! What is told of each dead letter of many.

use ports::LetterState;
use serde::Serialize;
use uuid::Uuid;

use super::event::Replay;
use crate::bulk::{Item, Outcome};

/// What became of one letter.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told {
    pub(super) letter_id: Uuid,
    outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<LetterState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Told {
    pub(super) fn of(letter_id: Uuid, outcome: Outcome) -> Self {
        Self {
            letter_id,
            outcome,
            state: None,
            job_id: None,
            event_id: None,
            error: None,
        }
    }

    /// Somebody has dealt with it before.
    pub(super) fn settled(letter_id: Uuid, state: LetterState) -> Self {
        Self {
            state: Some(state),
            ..Self::of(letter_id, Outcome::Conflict)
        }
    }

    /// Its event is still none.
    pub(super) fn invalid(letter_id: Uuid, error: String) -> Self {
        Self {
            error: Some(error),
            ..Self::of(letter_id, Outcome::Invalid)
        }
    }

    /// Its event is published.
    pub(super) fn replayed(letter_id: Uuid, replay: &Replay) -> Self {
        Self {
            job_id: Some(replay.job_id),
            event_id: Some(replay.event_id),
            ..Self::of(letter_id, Outcome::Done)
        }
    }
}

impl Item for Told {
    fn outcome(&self) -> Outcome {
        self.outcome
    }
}
