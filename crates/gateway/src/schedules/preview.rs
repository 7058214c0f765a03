//! When a rule would fire.

use axum::extract::Request;
use domain::schedule::MAX_PREVIEW;
use jiff::Timestamp;
use serde::Serialize;
use service::problem::Problem;
use service::query::Query;
use service::views::SHOWN_FIRINGS;
use utoipa::ToSchema;

use super::draft;
use crate::gateway::Shared;
use crate::members::{self, Bounds, Members};

const BOUNDS: Bounds = Bounds {
    bytes: 4 * 1024,
    depth: 4,
};

/// When a rule would fire.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SchedulePreview)]
pub(crate) struct Preview {
    /// The next firings; fewer than asked for only where there are no more.
    #[schema(value_type = Vec<String>)]
    next: Vec<Timestamp>,
}

/// Reads a rule and gives its next firings.
///
/// # Errors
/// 400 that says what is wrong with the rule.
pub(crate) async fn preview(shared: &Shared, request: Request) -> Result<Preview, Problem> {
    Query::parse(request.uri(), &[])?;
    let (_, document) = members::read(shared, request, BOUNDS).await?;
    let mut members = Members::of(document, &["cron", "timezone", "count"])?;
    let rule = draft::rule(&mut members)?;
    let count = count(&mut members)?;
    Ok(Preview {
        next: rule.preview(shared.clock.now(), count),
    })
}

fn count(members: &mut Members) -> Result<usize, Problem> {
    let expected = format!("a whole number from 1 to {MAX_PREVIEW}");
    match members.take("count", &expected)? {
        None => Ok(SHOWN_FIRINGS),
        Some(count) if (1..=MAX_PREVIEW).contains(&count) => Ok(count),
        Some(_) => Err(members::invalid(
            "/count".to_owned(),
            format!("must be {expected}"),
        )),
    }
}
