//! Lists of things that are passed on as they are.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::api::EventEnvelope;

/// The events of one job.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventPage {
    /// The events, oldest first.
    #[schema(value_type = Vec<EventEnvelope>)]
    pub(crate) items: Vec<Box<RawValue>>,
    /// Always null: the list is complete.
    pub(crate) next_cursor: Option<String>,
}

/// The alerts that Alertmanager knows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AlertList {
    /// The alerts, as Alertmanager's API gives them.
    #[schema(value_type = Vec<Object>)]
    pub(crate) items: Vec<Box<RawValue>>,
    /// Why there may be more alerts than these; empty when all is well.
    #[schema(examples(json!(["alertmanager is not configured"])))]
    pub(crate) degraded: Vec<String>,
}
