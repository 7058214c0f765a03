//! Dead letters: the collection `dead_letters`.
//!
//! The letter is kept as JSON text in `letter`; `state`, `service`, `validationerror`, `rejectedat` and `correlationid` are
//! there for whoever looks.

use std::collections::HashSet;

use jiff::Timestamp;
use mongodb::bson::doc;
use mongodb::bson::raw::{RawDocument, RawDocumentBuf, cstr};
use ports::{Cursor, LetterState, Page, StoreError, StoredDeadLetter};
use uuid::Uuid;

use crate::append::{Item, append_loosely};
use crate::document::{moment, position, time_text};
use crate::failure::{corrupt, of};
use crate::log::{Log, find};
use crate::place::Pages;

/// The collection, and its counter of positions.
pub(crate) const LETTERS: &str = "dead_letters";

/// A letter with its text.
struct Written {
    stored: StoredDeadLetter,
    text: String,
}

impl Item for Written {
    fn id(&self) -> Uuid {
        self.stored.id
    }

    fn document(&self, position: i64, kept_at: Timestamp) -> RawDocumentBuf {
        let StoredDeadLetter { id, letter, state } = &self.stored;
        let mut document = RawDocumentBuf::new();
        document.append(cstr!("_id"), id.to_string().as_str());
        document.append(cstr!("state"), state_text(*state));
        document.append(cstr!("service"), letter.service.as_str());
        document.append(cstr!("validationerror"), letter.validation_error.as_str());
        document.append(cstr!("rejectedat"), time_text(letter.rejected_at).as_str());
        if let Some(text) = &letter.correlation_id {
            document.append(cstr!("correlationid"), text.as_str());
        }
        document.append(cstr!("position"), position);
        document.append(cstr!("keptat"), moment(kept_at));
        document.append(cstr!("letter"), self.text.as_str());
        document
    }
}

fn state_text(state: LetterState) -> &'static str {
    match state {
        LetterState::Open => "open",
        LetterState::Replayed => "replayed",
        LetterState::Discarded => "discarded",
    }
}

fn state_of(text: &str) -> Option<LetterState> {
    let all = [LetterState::Open, LetterState::Replayed, LetterState::Discarded];
    all.into_iter().find(|state| state_text(*state) == text)
}

fn stored(document: &RawDocument) -> Result<StoredDeadLetter, StoreError> {
    let text = |name| document.get_str(name).map_err(|error| corrupt(LETTERS, error));
    let letter = serde_json::from_str(text("letter")?).map_err(|error| corrupt(LETTERS, error))?;
    let state = text("state")?;
    Ok(StoredDeadLetter {
        id: id(document)?,
        letter,
        state: state_of(state).ok_or_else(|| corrupt(LETTERS, format_args!("its state is {state:?}")))?,
    })
}

fn id(document: &RawDocument) -> Result<Uuid, StoreError> {
    let text = document.get_str("_id").map_err(|error| corrupt(LETTERS, error))?;
    Uuid::try_parse(text).map_err(|error| corrupt(LETTERS, error))
}

/// Keeps the letters that are not known yet and returns how many these were.
pub(crate) async fn append(log: &Log, letters: Vec<StoredDeadLetter>) -> Result<usize, StoreError> {
    let write = |stored: StoredDeadLetter| match serde_json::to_string(&stored.letter) {
        Ok(text) => Ok(Written { stored, text }),
        Err(error) => Err(StoreError::Refused(error.to_string())),
    };
    let written = letters.into_iter().map(write).collect::<Result<Vec<_>, _>>()?;
    append_loosely(log, LETTERS, &log.letters, written).await
}

/// One letter.
pub(crate) async fn one(log: &Log, id: Uuid) -> Result<Option<StoredDeadLetter>, StoreError> {
    let found = log.letters.find_one(doc! { "_id": id.to_string() }).await;
    let found = found.map_err(|error| of(&error))?;
    found.map(|document| stored(&document)).transpose()
}

/// Says what has become of open letters, and returns which ones these were, in the order of the question.
///
/// The server decides letter by letter who of several comes first, and leaves a mark by which that is found.
pub(crate) async fn settle(log: &Log, ids: Vec<Uuid>, state: LetterState) -> Result<Vec<Uuid>, StoreError> {
    if ids.is_empty() || state == LetterState::Open {
        return Ok(Vec::new());
    }
    let _one_at_a_time = log.settling.lock().await;
    let mark = Uuid::new_v4().simple().to_string();
    let texts: Vec<_> = ids.iter().map(Uuid::to_string).collect();
    let open = doc! { "_id": { "$in": &texts }, "state": state_text(LetterState::Open) };
    let settled = doc! { "$set": { "state": state_text(state), "settledby": &mark } };
    let updated = log.letters.update_many(open, settled).await;
    if updated.map_err(|error| of(&error))?.modified_count == 0 {
        return Ok(Vec::new());
    }
    let mine = doc! { "_id": { "$in": texts }, "settledby": mark };
    let found = find(&log.letters, mine, doc! { "position": 1 }, ids.len()).await?;
    let mut mine: HashSet<Uuid> = found
        .iter()
        .map(|document| id(document))
        .collect::<Result<_, _>>()?;
    Ok(ids.into_iter().filter(|id| mine.remove(id)).collect())
}

/// How many letters are open.
pub(crate) async fn open(log: &Log) -> Result<u64, StoreError> {
    let open = doc! { "state": state_text(LetterState::Open) };
    let count = log.letters.count_documents(open).await;
    count.map_err(|error| of(&error))
}

/// A page of letters, newest first, of one state or all.
pub(crate) async fn list(
    log: &Log,
    state: Option<LetterState>,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Page<StoredDeadLetter>, StoreError> {
    let before = Pages::DeadLetters.read(cursor)?;
    let mut filter = doc! { "position": { "$lt": before } };
    if let Some(state) = state {
        filter.insert("state", state_text(state));
    }
    let order = doc! { "position": -1 };
    let mut found = find(&log.letters, filter, order, limit.saturating_add(1)).await?;
    let is_full = found.len() > limit;
    found.truncate(limit);
    let last = found
        .last()
        .map(|document| position(LETTERS, document))
        .transpose()?;
    Ok(Page {
        items: found
            .iter()
            .map(|document| stored(document))
            .collect::<Result<_, _>>()?,
        next: is_full.then(|| Pages::DeadLetters.write(last.unwrap_or(before))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_lead_back_from_their_texts() {
        for state in [LetterState::Open, LetterState::Replayed, LetterState::Discarded] {
            assert_eq!(state_of(state_text(state)), Some(state));
        }
        assert_eq!(state_of("lost"), None);
    }
}
