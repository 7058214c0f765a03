//! Which dead letters a command is for.

use std::collections::HashSet;

use axum::extract::Request;
use http::request::Parts;
use serde_json::Value;
use service::correlation::parse_uuid;
use service::problem::Problem;
use service::query::Query;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::gateway::Shared;
use crate::members::{self, Bounds, Members, invalid};

/// The most letters that one command names.
const MOST: usize = 10_000;

const BOUNDS: Bounds = Bounds {
    bytes: service::body::DEFAULT_LIMIT,
    depth: 4,
};

/// Which letters a command is for.
#[derive(Debug)]
pub(super) enum Which {
    /// These, each once.
    These(Vec<Uuid>),
    /// All that are open.
    AllOpen,
}

/// Which letters a command is for, and whether they are only counted.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) which: Which,
    pub(super) dry_run: bool,
}

/// Reads the body of a command over dead letters.
///
/// # Errors
/// 400 that says what is wrong with it.
pub(super) async fn read(shared: &Shared, request: Request) -> Result<(Parts, Selection), Problem> {
    Query::parse(request.uri(), &[])?;
    let (parts, document) = members::read(shared, request, BOUNDS).await?;
    let mut members = Members::of(document, &["ids", "all", "dryRun"])?;
    let ids: Option<Vec<Value>> = members.take("ids", "a list of ids")?;
    let all = members.take("all", "true or false")?.unwrap_or(false);
    let dry_run = members.take("dryRun", "true or false")?.unwrap_or(false);
    let which = which(ids, all)?;
    Ok((parts, Selection { which, dry_run }))
}

fn which(ids: Option<Vec<Value>>, all: bool) -> Result<Which, Problem> {
    let wrong = |message: String| invalid("/ids".to_owned(), message);
    match (ids, all) {
        (Some(_), true) => Err(wrong("must not be given together with all".to_owned())),
        (None, true) => Ok(Which::AllOpen),
        (None, false) => Err(wrong(
            "is missing: a list of ids, or \"all\": true for every open one".to_owned(),
        )),
        (Some(ids), false) if !(1..=MOST).contains(&ids.len()) => {
            Err(wrong(format!("must have 1 to {MOST} ids")))
        }
        (Some(ids), false) => these(&ids).map(Which::These),
    }
}

/// The ids in their order, each once.
fn these(given: &[Value]) -> Result<Vec<Uuid>, Problem> {
    let mut seen = HashSet::with_capacity(given.len());
    let mut ids = Vec::with_capacity(given.len());
    for (at, value) in given.iter().enumerate() {
        let id = value.as_str().and_then(|text| parse_uuid(text.as_bytes()));
        let id = id.ok_or_else(|| invalid(format!("/ids/{at}"), "must be a UUID".to_owned()))?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Which dead letters a command is for: `ids` or `all`.
#[derive(Debug, ToSchema)]
#[schema(as = DeadLetterSelection)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) struct LettersBody {
    /// These.
    #[schema(max_items = 10_000, min_items = 1)]
    ids: Option<Vec<Uuid>>,
    /// Every open one.
    #[schema(default = false)]
    all: Option<bool>,
    /// Only count those of them that are open.
    #[schema(default = false)]
    dry_run: Option<bool>,
}
