//! The collections, and what this process knows of them.

use std::sync::atomic::{AtomicI64, Ordering};

use domain::Clock;
use futures::TryStreamExt;
use mongodb::bson::{Document, RawDocumentBuf, doc};
use mongodb::error::{Error, Result as Answer};
use mongodb::options::IndexOptions;
use mongodb::{Client, Collection, IndexModel};
use ports::StoreError;
use tokio::sync::Mutex;

use crate::document::EVENTS;
use crate::failure::of;
use crate::gaps::Gaps;
use crate::letters::LETTERS;
use crate::options::Options;
use crate::state::{STATE, State};
use crate::tail::Tail;

/// The log.
pub(crate) struct Log {
    pub(crate) client: Client,
    pub(crate) events: Collection<RawDocumentBuf>,
    pub(crate) letters: Collection<RawDocumentBuf>,
    pub(crate) state: State,
    pub(crate) gaps: Gaps,
    /// What followers have read last.
    pub(crate) tail: Mutex<Tail>,
    /// One settler of letters at a time.
    pub(crate) settling: Mutex<()>,
    /// Nothing that was kept before these times, in milliseconds, is there any more: events and letters.
    pub(crate) young: [AtomicI64; 2],
    pub(crate) options: Options,
    /// The name of the log, once it is known that everything is there that it needs.
    name: Mutex<Option<String>>,
}

impl Log {
    pub(crate) fn new(client: Client, database: &str, options: Options) -> Self {
        let database = client.database(database);
        Self {
            events: database.collection(EVENTS),
            letters: database.collection(LETTERS),
            state: State::new(database.collection(STATE)),
            gaps: Gaps::default(),
            tail: Mutex::default(),
            settling: Mutex::default(),
            young: [i64::MIN; 2].map(AtomicI64::new),
            client,
            options,
            name: Mutex::default(),
        }
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.options.clock
    }

    /// The name of the log. Collections are there with their indexes from then on.
    pub(crate) async fn name(&self) -> Result<String, StoreError> {
        let mut known = self.name.lock().await;
        if let Some(name) = &*known {
            return Ok(name.clone());
        }
        self.ensure_indexes().await.map_err(|error| of(&error))?;
        let name = self.state.ensure(&[EVENTS, LETTERS]).await?;
        Ok(known.insert(name).clone())
    }

    async fn ensure_indexes(&self) -> Answer<()> {
        for collection in [&self.events, &self.letters] {
            ensure_indexes(collection, [unique(doc! { "position": 1 })]).await?;
        }
        if !self.answers_by_indexes().await {
            return Ok(());
        }
        let of_events = [
            plain(doc! { "jobid": 1, "position": -1 }),
            plain(doc! { "eventtype": 1, "position": -1 }),
        ];
        ensure_indexes(&self.events, of_events).await?;
        ensure_indexes(&self.letters, [plain(doc! { "state": 1, "position": -1 })]).await
    }

    /// `FerretDB` keeps indexes, which costs it time, and looks at every document all the same.
    async fn answers_by_indexes(&self) -> bool {
        let about = self
            .client
            .database("admin")
            .run_command(doc! { "buildInfo": 1 })
            .await;
        !about.is_ok_and(|about| about.contains_key("ferretdbVersion"))
    }

    /// Takes `count` positions and returns the first of them.
    pub(crate) async fn take(&self, counter: &str, count: usize) -> Result<i64, StoreError> {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.name().await?;
        if let Some(first) = self.state.take(counter, count).await? {
            return Ok(first);
        }
        self.forget().await;
        self.name().await?;
        let first = self.state.take(counter, count).await?;
        first.ok_or_else(|| StoreError::Unavailable(format!("mongodb has no counter `{counter}`")))
    }

    /// Somebody dropped the database: what is known of it is true no more.
    async fn forget(&self) {
        *self.name.lock().await = None;
        self.gaps.forget();
        *self.tail.lock().await = Tail::default();
        for young in &self.young {
            young.store(i64::MIN, Ordering::Relaxed);
        }
    }
}

/// Makes the indexes that are not there. Not every server bears to be told of those that are.
async fn ensure_indexes(
    collection: &Collection<RawDocumentBuf>,
    indexes: impl IntoIterator<Item = IndexModel>,
) -> Answer<()> {
    // A collection that is not there has none; whatever else is wrong is said when an index is made.
    let present: Vec<IndexModel> = match collection.list_indexes().await {
        Ok(found) => found.try_collect().await?,
        Err(_no_collection) => Vec::new(),
    };
    for index in indexes {
        if !present.iter().any(|present| present.keys == index.keys) {
            collection.create_index(index).await?;
        }
    }
    Ok(())
}

fn plain(keys: Document) -> IndexModel {
    IndexModel::builder().keys(keys).build()
}

fn unique(keys: Document) -> IndexModel {
    let options = IndexOptions::builder().unique(true).build();
    IndexModel::builder().keys(keys).options(options).build()
}

/// The documents of a collection that fit, in an order, at most `limit`.
pub(crate) async fn find(
    collection: &Collection<RawDocumentBuf>,
    filter: Document,
    order: Document,
    limit: usize,
) -> Result<Vec<RawDocumentBuf>, StoreError> {
    find_some(collection, filter, order, limit, usize::MAX).await
}

/// The same, but no more when they are larger than `size` bytes together.
pub(crate) async fn find_some(
    collection: &Collection<RawDocumentBuf>,
    filter: Document,
    order: Document,
    limit: usize,
    size: usize,
) -> Result<Vec<RawDocumentBuf>, StoreError> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let limit = u32::try_from(limit).unwrap_or(u32::MAX - 1).min(u32::MAX - 1);
    // One answer has them all, where they are small enough for it, and leaves no cursor behind.
    let question = collection
        .find(filter)
        .sort(order)
        .limit(limit.into())
        .batch_size(limit + 1);
    let read = async {
        let (mut found, mut read, mut cursor) = (Vec::new(), 0, question.await?);
        while read < size && cursor.advance().await? {
            let document = cursor.current().to_owned();
            read += document.as_bytes().len();
            found.push(document);
        }
        Ok(found)
    };
    read.await.map_err(|error: Error| of(&error))
}
