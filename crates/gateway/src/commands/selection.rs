//! Which jobs a command is for.

use axum::extract::Request;
use contracts::Violation;
use domain::query::{Query, QueryError};
use http::StatusCode;
use service::problem::Problem;
use service::query as parameters;
use utoipa::ToSchema;

use crate::gateway::Shared;
use crate::members::{self, Bounds, Members};

/// Enough for the longest query, however its characters are escaped.
const BOUNDS: Bounds = Bounds {
    bytes: 64 * 1024,
    depth: 4,
};

/// Which jobs a command is for, and whether they are only counted.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) query: Query,
    pub(crate) dry_run: bool,
}

/// Reads the body of a command over jobs.
///
/// # Errors
/// 400 that says what is wrong with it.
pub(crate) async fn read(shared: &Shared, request: Request) -> Result<Selection, Problem> {
    parameters::Query::parse(request.uri(), &[])?;
    let (_, document) = members::read(shared, request, BOUNDS).await?;
    let mut members = Members::of(document, &["q", "all", "dryRun"])?;
    let text: Option<String> = members.take("q", "a query, such as state:failed type:email")?;
    let all = members.take("all", "true or false")?.unwrap_or(false);
    let dry_run = members.take("dryRun", "true or false")?.unwrap_or(false);
    let query = query(text.as_deref(), all)?;
    Ok(Selection { query, dry_run })
}

/// Everything is commanded only where that is what was said.
fn query(text: Option<&str>, all: bool) -> Result<Query, Problem> {
    let needs = |message: &str| members::invalid("/q".to_owned(), message.to_owned());
    match (text, all) {
        (Some(_), true) => Err(needs("must not be given together with all")),
        (None, true) => Ok(Query::default()),
        (None, false) => Err(needs("is missing: a query, or \"all\": true for every job")),
        (Some(text), false) => {
            let query = Query::parse(text).map_err(|error| unreadable(&error, text))?;
            if query.terms().is_empty() {
                return Err(needs("matches every job; to mean that, say \"all\": true"));
            }
            Ok(query)
        }
    }
}

fn unreadable(error: &QueryError, text: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-query", "Invalid query")
        .detail(error.to_string())
        .violations(vec![Violation {
            path: "/q".to_owned(),
            message: error.to_string(),
        }])
        .member("pointer", error.pointer(text))
}

/// Which jobs a command is for: `q` or `all`.
#[derive(Debug, ToSchema)]
#[schema(as = JobSelection)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) struct SelectionBody {
    /// Those that match this query.
    #[schema(value_type = Option<String>, examples("type:email state:failed"), max_length = 2000)]
    q: Option<String>,
    /// Every job.
    #[schema(default = false)]
    all: Option<bool>,
    /// Only count them.
    #[schema(default = false)]
    dry_run: Option<bool>,
}
