//! Stores that remember what they were asked, and how they behave.

mod event_log;
mod job_store;

use std::sync::Mutex;

use ports::StoreError;

pub(crate) use event_log::StubEvents;
pub(crate) use job_store::{StubJob, StubJobs};

/// How a store behaves.
#[derive(Clone, Debug, Default)]
pub(crate) enum StoreMood {
    #[default]
    Fine,
    Fails(StoreError),
    Hangs,
    /// Answers so many calls more and fails after them.
    FailsAfter(usize),
    /// Answers so many calls more and hangs after them.
    HangsAfter(usize),
}

/// A store that is away, with words of its driver that no client may read.
pub(crate) fn away() -> StoreError {
    StoreError::Unavailable("secret-database.internal:5432 refused".to_owned())
}

/// The calls on a store, and its mood.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    mood: Mutex<StoreMood>,
    calls: Mutex<Vec<String>>,
}

impl Desk {
    pub(crate) fn set(&self, mood: StoreMood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// Every call so far, in words.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    /// How many calls begin so.
    pub(crate) fn count(&self, beginning: &str) -> usize {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|call| call.starts_with(beginning)).count()
    }

    async fn answer<T>(&self, call: String, answer: impl FnOnce() -> T) -> Result<T, StoreError> {
        self.calls.lock().unwrap().push(call);
        let mood = {
            let mut mood = self.mood.lock().unwrap();
            match &mut *mood {
                StoreMood::FailsAfter(left) | StoreMood::HangsAfter(left) if *left > 0 => {
                    *left -= 1;
                    StoreMood::Fine
                }
                StoreMood::FailsAfter(_) => StoreMood::Fails(away()),
                StoreMood::HangsAfter(_) => StoreMood::Hangs,
                other => other.clone(),
            }
        };
        match mood {
            StoreMood::Fails(error) => Err(error),
            StoreMood::Hangs => std::future::pending().await,
            _ => Ok(answer()),
        }
    }
}
