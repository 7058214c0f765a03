//! The API document: generated from the handlers, with the schemas of the contracts.

use std::sync::Arc;

use axum::Router;
use contracts::schemas;
use service::api_docs::ApiDocument;
use utoipa::OpenApi;
use utoipa::openapi::schema::{ObjectBuilder, Schema};
use utoipa::openapi::{RefOr, schema};
use utoipa::{PartialSchema, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::gateway::Shared;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Task Observatory gateway",
        description = "Takes every command. The 202 to a submission is a promise: the job reaches exactly one terminal \
            state. Questions about jobs go to the read model.\n\nEvery answer carries `X-Correlation-Id`; every error is \
            `application/problem+json`.",
    ),
    tags(
        (name = "jobs", description = "Submitting work, and what can be done with it"),
        (name = "limits", description = "What holds jobs of a type back"),
        (name = "schedules", description = "Jobs that are made when the clock says so"),
        (name = "dead letters", description = "Messages that no service could accept"),
        (name = "observability", description = "What the monitoring behind the observatory says"),
        (name = "operations", description = "Health, metrics and this document"),
    ),
)]
struct Api;

/// Splits documented routes into the router and the finished document.
pub(crate) fn assemble(documented: OpenApiRouter<Arc<Shared>>) -> (Router<Arc<Shared>>, ApiDocument) {
    let (router, api) = OpenApiRouter::with_openapi(Api::openapi())
        .merge(documented)
        .split_for_parts();
    let contracts = [
        ("JobSubmission", schemas::JOB_SUBMISSION),
        ("JobAccepted", schemas::JOB_ACCEPTED),
    ];
    (router, ApiDocument::new(api, &contracts))
}

/// Names a component whose schema is a contract's and is put in when the document is finished.
macro_rules! contract_component {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(schema::Type::Object).into()
            }
        }

        impl ToSchema for $name {}
    };
}

contract_component!(
    /// `schemas/job-submission.json`.
    JobSubmission
);
contract_component!(
    /// `schemas/job-accepted.json`.
    JobAccepted
);
