//! Dead letters, as clients read them.

use jiff::Timestamp;
use ports::{LetterState, Page, StoredDeadLetter};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::api::LetterStateName;

/// A message that no service could accept.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeadLetter)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeadLetterView {
    /// Names it.
    id: Uuid,
    /// The message: its JSON where it was JSON, its text where it was not.
    #[schema(required)]
    original_event: Value,
    /// Why it was rejected.
    #[schema(examples("/payload/id: must be a UUID"))]
    validation_error: String,
    /// When it was rejected.
    #[schema(value_type = String, format = DateTime)]
    rejected_at: Timestamp,
    /// Which service rejected it.
    #[schema(examples("processor"))]
    service: String,
    /// The software version of that service.
    #[schema(required)]
    service_version: Option<String>,
    /// From the message, where it was readable.
    #[schema(required)]
    correlation_id: Option<String>,
    /// What has become of it.
    #[schema(value_type = LetterStateName)]
    state: LetterState,
}

impl From<StoredDeadLetter> for DeadLetterView {
    fn from(stored: StoredDeadLetter) -> Self {
        let StoredDeadLetter { id, letter, state } = stored;
        Self {
            id,
            original_event: letter.original_event,
            validation_error: letter.validation_error,
            rejected_at: letter.rejected_at,
            service: letter.service,
            service_version: letter.service_version,
            correlation_id: letter.correlation_id,
            state,
        }
    }
}

/// A page of dead letters.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeadLetterPage {
    /// The dead letters, newest first.
    items: Vec<DeadLetterView>,
    /// Where the next page starts; null at the end.
    #[schema(required)]
    next_cursor: Option<String>,
}

impl From<Page<StoredDeadLetter>> for DeadLetterPage {
    fn from(page: Page<StoredDeadLetter>) -> Self {
        let next_cursor = page.next.as_ref().map(ToString::to_string);
        Self {
            items: page.items.into_iter().map(Into::into).collect(),
            next_cursor,
        }
    }
}
