//! The API document: generated from the handlers, with the names of the contracts.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Router;
use contracts::{EventType, JobStatus, Priority, schemas};
use domain::limits::Hold;
use service::api_docs::ApiDocument;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{OpenApi, PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::parameters::LETTER_STATES;
use crate::read_model::Shared;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Task Observatory read model",
        description = "Answers questions about jobs; work is submitted to the gateway.\n\nLists have `items` and \
            `nextCursor`: pass it as `cursor` to get the next page. Unknown parameters are errors, never ignored. \
            Every answer carries `X-Correlation-Id`; every error is `application/problem+json` and says which \
            part is away.",
    ),
    tags(
        (name = "jobs", description = "Jobs, their attempts and their life"),
        (name = "events", description = "What happened, and what could not be read"),
        (name = "schedules", description = "Rules that make jobs"),
        (name = "limits", description = "What holds jobs back"),
        (name = "stats", description = "Numbers"),
        (name = "operations", description = "Health, metrics and this document"),
    ),
)]
struct Api;

/// Splits documented routes into the router and the finished document.
pub(crate) fn assemble(documented: OpenApiRouter<Arc<Shared>>) -> (Router<Arc<Shared>>, ApiDocument) {
    let whole = OpenApiRouter::with_openapi(Api::openapi()).merge(documented);
    let (router, mut api) = whole.split_for_parts();
    // Only components of bodies are found by themselves, and this one is a parameter's.
    let components = api.components.get_or_insert_default();
    components
        .schemas
        .insert(EventTypeName::name().into_owned(), EventTypeName::schema());
    (
        router,
        ApiDocument::new(api, &[("EventEnvelope", schemas::EVENT_ENVELOPE)]),
    )
}

fn names<const N: usize>(names: [&'static str; N]) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(names))
        .into()
}

/// Where a job is in its life.
pub(crate) struct JobStatusName;

impl PartialSchema for JobStatusName {
    fn schema() -> RefOr<Schema> {
        names(JobStatus::ALL.map(JobStatus::as_str))
    }
}

impl ToSchema for JobStatusName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("JobStatus")
    }
}

/// What happened to a job.
pub(crate) struct EventTypeName;

impl PartialSchema for EventTypeName {
    fn schema() -> RefOr<Schema> {
        names(EventType::ALL.map(EventType::as_str))
    }
}

impl ToSchema for EventTypeName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("EventType")
    }
}

/// Which of the waiting jobs go first.
pub(crate) struct PriorityName;

impl PartialSchema for PriorityName {
    fn schema() -> RefOr<Schema> {
        names(Priority::ALL.map(Priority::as_str))
    }
}

impl ToSchema for PriorityName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Priority")
    }
}

/// Why a job is held back.
pub(crate) struct HoldName;

impl PartialSchema for HoldName {
    fn schema() -> RefOr<Schema> {
        names(Hold::ALL.map(Hold::as_str))
    }
}

impl ToSchema for HoldName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Hold")
    }
}

/// What has become of a dead letter.
pub(crate) struct LetterStateName;

impl PartialSchema for LetterStateName {
    fn schema() -> RefOr<Schema> {
        names(LETTER_STATES.map(|(name, _)| name))
    }
}

impl ToSchema for LetterStateName {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("LetterState")
    }
}

/// `schemas/event-envelope.json`, put in when the document is finished.
pub(crate) struct EventEnvelope;

impl PartialSchema for EventEnvelope {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Object).into()
    }
}

impl ToSchema for EventEnvelope {}
