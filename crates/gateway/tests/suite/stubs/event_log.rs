//! An event log, of which a gateway needs the dead letters.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use contracts::DeadLetter;
use jiff::Timestamp;
use ports::{
    Cursor, EventLog, EventQuery, Followed, LetterState, LoggedEvent, Page, StoreError, StoredDeadLetter,
};
use serde_json::Value;
use uuid::Uuid;

use super::Desk;

/// An event log that remembers.
#[derive(Debug, Default)]
pub(crate) struct StubEvents {
    pub(crate) desk: Desk,
    /// Dead letters, newest first.
    letters: Mutex<Vec<StoredDeadLetter>>,
}

impl StubEvents {
    /// Adds an open letter about this event, older than the others.
    pub(crate) fn add(&self, id: Uuid, original_event: Value) {
        self.letters.lock().unwrap().push(StoredDeadLetter {
            id,
            letter: DeadLetter {
                original_event,
                validation_error: "it was bad".to_owned(),
                rejected_at: Timestamp::UNIX_EPOCH,
                correlation_id: None,
                service: "processor".to_owned(),
                service_version: None,
            },
            state: LetterState::Open,
        });
    }

    /// What has become of a letter.
    pub(crate) fn state(&self, id: Uuid) -> Option<LetterState> {
        let letters = self.letters.lock().unwrap();
        letters
            .iter()
            .find(|stored| stored.id == id)
            .map(|stored| stored.state)
    }

    fn settle(&self, ids: &[Uuid], state: LetterState) -> Vec<Uuid> {
        let mut letters = self.letters.lock().unwrap();
        let open = letters
            .iter_mut()
            .filter(|stored| stored.state == LetterState::Open && ids.contains(&stored.id));
        open.map(|stored| {
            stored.state = state;
            stored.id
        })
        .collect()
    }

    /// A page; a cursor is the letter that the page before ended with.
    fn page(
        &self,
        state: Option<LetterState>,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Page<StoredDeadLetter> {
        let letters = self.letters.lock().unwrap();
        let start = cursor.map_or(0, |cursor| {
            let last = |stored: &StoredDeadLetter| stored.id.to_string() == cursor.as_str();
            letters.iter().position(last).unwrap() + 1
        });
        let wanted = |stored: &&StoredDeadLetter| state.is_none_or(|state| stored.state == state);
        let mut items: Vec<_> = letters[start..]
            .iter()
            .filter(wanted)
            .take(limit + 1)
            .cloned()
            .collect();
        let next = (items.len() > limit).then(|| {
            items.truncate(limit);
            Cursor::new(items[limit - 1].id.to_string())
        });
        Page { items, next }
    }
}

fn never<T>() -> Result<T, StoreError> {
    Err(StoreError::Corrupt("a gateway does not do that".to_owned()))
}

#[async_trait]
impl EventLog for StubEvents {
    async fn dead_letter(&self, id: Uuid) -> Result<Option<StoredDeadLetter>, StoreError> {
        let find = || {
            let letters = self.letters.lock().unwrap();
            letters.iter().find(|stored| stored.id == id).cloned()
        };
        self.desk.answer(format!("dead_letter {id}"), find).await
    }

    async fn settle_dead_letters(&self, ids: Vec<Uuid>, state: LetterState) -> Result<Vec<Uuid>, StoreError> {
        let call = format!("settle {} {state:?}", ids.len());
        self.desk.answer(call, || self.settle(&ids, state)).await
    }

    async fn open_dead_letters(&self) -> Result<u64, StoreError> {
        let count = || {
            let letters = self.letters.lock().unwrap();
            let open = letters.iter().filter(|stored| stored.state == LetterState::Open);
            open.count() as u64
        };
        self.desk.answer("open_dead_letters".to_owned(), count).await
    }

    async fn dead_letters(
        &self,
        state: Option<LetterState>,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError> {
        let page = || self.page(state, cursor, limit);
        self.desk.answer(format!("dead_letters {state:?}"), page).await
    }

    async fn append(&self, _events: Vec<LoggedEvent>) -> Result<usize, StoreError> {
        never()
    }

    async fn events(
        &self,
        _query: &EventQuery,
        _cursor: Option<&Cursor>,
        _limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError> {
        never()
    }

    async fn follow(&self, _after: Option<&Cursor>, _limit: usize) -> Result<Followed, StoreError> {
        never()
    }

    async fn append_dead_letters(&self, _letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
        never()
    }

    async fn prune(&self, _before: Timestamp, _limit: usize) -> Result<usize, StoreError> {
        never()
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        never()
    }
}
