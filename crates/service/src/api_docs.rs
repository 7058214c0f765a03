//! The API document of a service and the page that shows it, both served by the service itself.

mod parameters;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Extension, Router};
use bytes::Bytes;
use contracts::schemas::SchemaFile;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::Value;
use utoipa::OpenApi;
use utoipa_swagger_ui::Config;

use crate::problem::Problem;

/// The two routes that every service has for its document.
#[derive(OpenApi)]
#[openapi(paths(document, page))]
pub struct DocsApi;

/// A finished API document.
#[derive(Clone, Debug)]
pub struct ApiDocument(Bytes);

impl ApiDocument {
    /// Finishes a document: adds the routes of this module and puts the schemas of the contracts in the place
    /// of the components that are named here, so that they are written down once.
    pub fn new(mut api: utoipa::openapi::OpenApi, contracts: &[(&str, SchemaFile)]) -> Self {
        api.merge(DocsApi::openapi());
        let mut value = serde_json::to_value(&api).unwrap_or_default();
        parameters::never_null(&mut value);
        for (name, file) in contracts {
            value["components"]["schemas"][*name] = component(file);
        }
        Self(serde_json::to_vec(&value).unwrap_or_default().into())
    }

    /// The document, JSON text.
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The routes `/openapi.json` and `/docs`.
    pub fn routes(self) -> Router {
        let config = Config::from("/openapi.json")
            .try_it_out_enabled(true)
            .display_request_duration(true);
        Router::new()
            .route("/openapi.json", get(document).with_state(self))
            .route("/docs", get(page))
            .route("/docs/", get(index))
            .route("/docs/{*file}", get(file))
            .layer(Extension(Arc::new(config)))
    }
}

/// A contract's schema without what only stands at the head of a schema document.
fn component(file: &SchemaFile) -> Value {
    let mut schema: Value = serde_json::from_str(file.text).unwrap_or_default();
    if let Some(members) = schema.as_object_mut() {
        members.retain(|name, _| !name.starts_with('$'));
    }
    schema
}

/// This document
#[utoipa::path(
    get,
    path = "/openapi.json",
    tag = "operations",
    responses((status = 200, description = "The OpenAPI document of this service.", content_type = "application/json")),
)]
async fn document(State(document): State<ApiDocument>) -> Response {
    ([(CONTENT_TYPE, "application/json")], document.0).into_response()
}

/// This document as a page to read and try
#[utoipa::path(
    get,
    path = "/docs",
    tag = "operations",
    responses((status = 303, description = "The page is at `/docs/`.")),
)]
async fn page() -> Redirect {
    Redirect::to("/docs/")
}

type PageConfig = Extension<Arc<Config<'static>>>;

async fn index(Extension(config): PageConfig) -> Response {
    asset("", config)
}

async fn file(Path(path): Path<String>, Extension(config): PageConfig) -> Response {
    asset(&path, config)
}

fn asset(path: &str, config: Arc<Config<'static>>) -> Response {
    match utoipa_swagger_ui::serve(path, config) {
        Ok(Some(file)) => {
            let mut response = ([(CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response();
            if file.gzpipped {
                response
                    .headers_mut()
                    .insert(CONTENT_ENCODING, http::HeaderValue::from_static("gzip"));
            }
            response
        }
        Ok(None) => Problem::not_found()
            .detail("the documentation has no such file")
            .into_response(),
        Err(error) => {
            tracing::error!(%error, "failed to serve the documentation");
            Problem::internal().into_response()
        }
    }
}
