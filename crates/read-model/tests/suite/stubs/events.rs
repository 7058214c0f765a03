use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use ports::{
    Cursor, EventLog, EventQuery, Followed, LetterState, LoggedEvent, Page, StoreError, StoredDeadLetter,
};
use uuid::Uuid;

use super::{READ_ONLY, World, page};

pub(crate) struct StubEvents(pub(crate) Arc<World>);

impl World {
    fn follow(&self, after: Option<&Cursor>, limit: usize) -> Followed {
        let log = self.log.lock().unwrap();
        let start = after.map_or(log.len(), |cursor| cursor.as_str().parse().unwrap());
        let end = log.len().min(start + limit);
        Followed {
            events: log[start.min(end)..end].to_vec(),
            cursor: Cursor::new(end.to_string()),
        }
    }
}

#[async_trait]
impl EventLog for StubEvents {
    async fn events(
        &self,
        query: &EventQuery,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<LoggedEvent>, StoreError> {
        let question = format!("events {query:?} {cursor:?} {limit}");
        self.0
            .answer(question, |world| {
                page(&world.events.lock().unwrap(), cursor, limit)
            })
            .await
    }

    async fn follow(&self, after: Option<&Cursor>, limit: usize) -> Result<Followed, StoreError> {
        let question = format!("follow {after:?} {limit}");
        self.0.answer(question, |world| world.follow(after, limit)).await
    }

    async fn dead_letter(&self, id: Uuid) -> Result<Option<StoredDeadLetter>, StoreError> {
        let find = |world: &World| {
            let letters = world.letters.lock().unwrap();
            letters.iter().find(|letter| letter.id == id).cloned()
        };
        self.0.answer(format!("dead letter {id}"), find).await
    }

    async fn open_dead_letters(&self) -> Result<u64, StoreError> {
        let count = |world: &World| {
            let letters = world.letters.lock().unwrap();
            let open = letters.iter().filter(|letter| letter.state == LetterState::Open);
            open.count() as u64
        };
        self.0.answer("open dead letters".into(), count).await
    }

    async fn dead_letters(
        &self,
        state: Option<LetterState>,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<StoredDeadLetter>, StoreError> {
        let question = format!("dead letters {state:?} {cursor:?} {limit}");
        let wanted = |world: &World| {
            let letters = world.letters.lock().unwrap();
            let of_state = letters
                .iter()
                .filter(|letter| state.is_none_or(|state| letter.state == state));
            page(&of_state.cloned().collect::<Vec<_>>(), cursor, limit)
        };
        self.0.answer(question, wanted).await
    }

    async fn ping(&self, _limit: Duration) -> Result<(), StoreError> {
        self.0.answer("ping".into(), |_| ()).await
    }

    async fn append(&self, _: Vec<LoggedEvent>) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn append_dead_letters(&self, _: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn settle_dead_letters(&self, _: Vec<Uuid>, _: LetterState) -> Result<Vec<Uuid>, StoreError> {
        unreachable!("{READ_ONLY}")
    }
    async fn prune(&self, _: Timestamp, _: usize) -> Result<usize, StoreError> {
        unreachable!("{READ_ONLY}")
    }
}
