//! What the log knows of itself, in small documents of one collection.
//!
//! | `_id` | `value` |
//! |---|---|
//! | `log` | the name of this log, by which followers know that it is still the same |
//! | `job_events`, `dead_letters` | the position that is taken next |
//! | `settled` | no position up to this one is missing |
//! | `pruned` | what was at positions up to this one has been removed |

use mongodb::Collection;
use mongodb::bson::{Bson, Document, doc};
use ports::StoreError;
use tokio::sync::Mutex;

use crate::failure::{corrupt, is_duplicate, of};

/// The collection.
pub(crate) const STATE: &str = "log_state";
const LOG: &str = "log";
pub(crate) const SETTLED: &str = "settled";
pub(crate) const PRUNED: &str = "pruned";

/// The documents.
pub(crate) struct State {
    documents: Collection<Document>,
    /// One taker at a time: those of one process would only get in each other's way.
    taking: Mutex<()>,
}

impl State {
    pub(crate) fn new(documents: Collection<Document>) -> Self {
        Self {
            documents,
            taking: Mutex::default(),
        }
    }

    /// Makes what is not there, and returns the name of the log.
    pub(crate) async fn ensure(&self, counters: &[&str]) -> Result<String, StoreError> {
        let name = uuid::Uuid::new_v4().simple().to_string();
        self.ensure_one(LOG, name[..8].into()).await?;
        for counter in counters {
            self.ensure_one(counter, 1_i64.into()).await?;
        }
        for mark in [SETTLED, PRUNED] {
            self.ensure_one(mark, 0_i64.into()).await?;
        }
        let value = self.value(LOG).await?;
        let name = value.as_ref().and_then(Bson::as_str);
        name.map(str::to_owned)
            .ok_or_else(|| corrupt(STATE, format_args!("no name but {value:?}")))
    }

    async fn ensure_one(&self, id: &str, value: Bson) -> Result<(), StoreError> {
        match self
            .documents
            .insert_one(doc! { "_id": id, "value": value })
            .await
        {
            Err(error) if !is_duplicate(&error) => Err(of(&error)),
            _ => Ok(()),
        }
    }

    async fn value(&self, id: &str) -> Result<Option<Bson>, StoreError> {
        let found = self.documents.find_one(doc! { "_id": id }).await;
        let found = found.map_err(|error| of(&error))?;
        Ok(found.and_then(|mut document| document.remove("value")))
    }

    /// A number; `None` if it is not there.
    pub(crate) async fn number(&self, id: &str) -> Result<Option<i64>, StoreError> {
        let value = self.value(id).await?;
        let number = |value: Bson| {
            value
                .as_i64()
                .ok_or_else(|| corrupt(STATE, format_args!("{id} is {value}")))
        };
        value.map(number).transpose()
    }

    /// Takes `count` positions and returns the first of them; `None` if the counter is not there.
    pub(crate) async fn take(&self, counter: &str, count: i64) -> Result<Option<i64>, StoreError> {
        let _one_at_a_time = self.taking.lock().await;
        let more = doc! { "$inc": { "value": count } };
        let before = self
            .documents
            .find_one_and_update(doc! { "_id": counter }, more)
            .await;
        let Some(before) = before.map_err(|error| of(&error))? else {
            return Ok(None);
        };
        let first = before.get_i64("value").map_err(|error| corrupt(STATE, error))?;
        Ok(Some(first))
    }

    /// Raises a number, if it is lower.
    pub(crate) async fn raise(&self, id: &str, number: i64) -> Result<(), StoreError> {
        let _one_at_a_time = self.taking.lock().await;
        let raise = doc! { "$max": { "value": number } };
        let raised = self.documents.update_one(doc! { "_id": id }, raise).await;
        raised.map(drop).map_err(|error| of(&error))
    }
}
