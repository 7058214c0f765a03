//! The files of the page, compiled in.
//!
//! A file that is added to `assets/` is added to [`FILES`]; a test compares the two.

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode};
use uuid::Uuid;

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const JSON: &str = "application/json";
const SVG: &str = "image/svg+xml";

/// Stored by the browser but asked for again each time: the names carry no version, and a page that mixes
/// modules of two binaries would be broken. The question costs a 304 without a body.
const REVALIDATE: &str = "no-cache";

struct File {
    path: &'static str,
    content_type: &'static str,
    body: &'static [u8],
}

/// One entry of [`FILES`]: the path is the address as well as the place under `assets/`.
macro_rules! file {
    ($path:literal, $content_type:expr) => {
        File {
            path: $path,
            content_type: $content_type,
            body: include_bytes!(concat!("../assets", $path)),
        }
    };
}

const FILES: &[File] = &[
    file!("/favicon.svg", SVG),
    file!("/ui-registry.json", JSON),
    file!("/style.css", CSS),
    file!("/css/components.css", CSS),
    file!("/css/dialogs.css", CSS),
    file!("/css/lists.css", CSS),
    file!("/css/panels.css", CSS),
    file!("/css/search.css", CSS),
    file!("/js/api.js", JAVASCRIPT),
    file!("/js/app.js", JAVASCRIPT),
    file!("/js/badge.js", JAVASCRIPT),
    file!("/js/boot.js", JAVASCRIPT),
    file!("/js/clipboard.js", JAVASCRIPT),
    file!("/js/confirm.js", JAVASCRIPT),
    file!("/js/connection.js", JAVASCRIPT),
    file!("/js/dom.js", JAVASCRIPT),
    file!("/js/event.js", JAVASCRIPT),
    file!("/js/form.js", JAVASCRIPT),
    file!("/js/format.js", JAVASCRIPT),
    file!("/js/held.js", JAVASCRIPT),
    file!("/js/history.js", JAVASCRIPT),
    file!("/js/icons.js", JAVASCRIPT),
    file!("/js/json-place.js", JAVASCRIPT),
    file!("/js/limits.js", JAVASCRIPT),
    file!("/js/links.js", JAVASCRIPT),
    file!("/js/poller.js", JAVASCRIPT),
    file!("/js/search.js", JAVASCRIPT),
    file!("/js/shortcuts.js", JAVASCRIPT),
    file!("/js/stream.js", JAVASCRIPT),
    file!("/js/theme.js", JAVASCRIPT),
    file!("/js/throttle.js", JAVASCRIPT),
    file!("/js/panels/chart.js", JAVASCRIPT),
    file!("/js/panels/dead-letters.js", JAVASCRIPT),
    file!("/js/panels/detail.js", JAVASCRIPT),
    file!("/js/panels/detail-actions.js", JAVASCRIPT),
    file!("/js/panels/detail-attempts.js", JAVASCRIPT),
    file!("/js/panels/detail-timeline.js", JAVASCRIPT),
    file!("/js/panels/detail-view.js", JAVASCRIPT),
    file!("/js/panels/errors.js", JAVASCRIPT),
    file!("/js/panels/events.js", JAVASCRIPT),
    file!("/js/panels/jobs.js", JAVASCRIPT),
    file!("/js/panels/jobs-search.js", JAVASCRIPT),
    file!("/js/panels/jobs-table.js", JAVASCRIPT),
    file!("/js/panels/letter-edit.js", JAVASCRIPT),
    file!("/js/panels/paused.js", JAVASCRIPT),
    file!("/js/panels/schedules.js", JAVASCRIPT),
    file!("/js/panels/status.js", JAVASCRIPT),
    file!("/js/panels/submit.js", JAVASCRIPT),
    file!("/js/panels/submit-follow.js", JAVASCRIPT),
    file!("/js/panels/tiles.js", JAVASCRIPT),
    file!("/js/panels/tools.js", JAVASCRIPT),
    file!("/js/panels/types.js", JAVASCRIPT),
];

/// A route for every file.
pub(crate) fn routes() -> Router {
    FILES.iter().fold(Router::new(), |router, file| {
        let tag = strong_tag(file.body);
        let serve = move |headers: HeaderMap| std::future::ready(answer(file, &tag, &headers));
        router.route(file.path, get(serve))
    })
}

/// The same bytes give the same tag in every process and every build.
fn strong_tag(body: &[u8]) -> String {
    format!("\"{}\"", Uuid::new_v5(&Uuid::NAMESPACE_OID, body).simple())
}

fn answer(file: &File, tag: &str, headers: &HeaderMap) -> Response {
    let caching = [(ETAG, tag), (CACHE_CONTROL, REVALIDATE)];
    if headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .any(|value| names(value, tag))
    {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let content_type = [(CONTENT_TYPE, file.content_type)];
    (caching, content_type, file.body).into_response()
}

/// Whether an `If-None-Match` header holds the tag; the comparison is the weak one, as the RFC asks.
fn names(value: &HeaderValue, tag: &str) -> bool {
    let Ok(text) = value.to_str() else {
        return false;
    };
    text.split(',')
        .map(str::trim)
        .any(|candidate| candidate == "*" || candidate.trim_start_matches("W/") == tag)
}
