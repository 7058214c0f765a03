//! The dead letters that a command is for, page by page.

use std::sync::Arc;

use futures::{StreamExt, stream};
use ports::{Cursor, LetterState, StoredDeadLetter};
use service::problem::Problem;
use uuid::Uuid;

use super::selection::Which;
use crate::gateway::Shared;

/// How many letters are held at once. Each may be as large as a message.
const PAGE: usize = 20;

/// How many letters are looked up at once.
const LOOK_UPS: usize = 8;

/// A letter that was named, if it is there.
pub(super) type Found = (Uuid, Option<StoredDeadLetter>);

/// Letters, page by page. Those that arrive meanwhile are not among them.
pub(super) struct Pages {
    shared: Arc<Shared>,
    left: Left,
}

enum Left {
    These(std::vec::IntoIter<Uuid>),
    Open(Option<Cursor>),
    Nothing,
}

impl Pages {
    pub(super) fn new(shared: &Arc<Shared>, which: Which) -> Self {
        let left = match which {
            Which::These(ids) => Left::These(ids.into_iter()),
            Which::AllOpen => Left::Open(None),
        };
        Self {
            shared: Arc::clone(shared),
            left,
        }
    }

    /// The next page; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Found>>, Problem> {
        match &mut self.left {
            Left::Nothing => Ok(None),
            Left::These(ids) => {
                let ids: Vec<Uuid> = ids.take(PAGE).collect();
                if ids.is_empty() {
                    return Ok(None);
                }
                look_up(&self.shared, ids).await.map(Some)
            }
            Left::Open(cursor) => {
                let cursor = cursor.take();
                let page = self
                    .shared
                    .stores
                    .events(|events| events.dead_letters(Some(LetterState::Open), cursor.as_ref(), PAGE))
                    .await?;
                self.left = page.next.map_or(Left::Nothing, |next| Left::Open(Some(next)));
                let found = page.items.into_iter().map(|stored| (stored.id, Some(stored)));
                Ok(Some(found.collect()))
            }
        }
    }
}

async fn look_up(shared: &Shared, ids: Vec<Uuid>) -> Result<Vec<Found>, Problem> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(find(shared, id));
    }
    let found: Vec<Result<Found, Problem>> = stream::iter(found).buffered(LOOK_UPS).collect().await;
    found.into_iter().collect()
}

async fn find(shared: &Shared, id: Uuid) -> Result<Found, Problem> {
    let found = shared.stores.events(|events| events.dead_letter(id)).await?;
    Ok((id, found))
}
