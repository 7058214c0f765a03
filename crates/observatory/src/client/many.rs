//! What `cancel`, `retry` and `delete` share: jobs by their identifiers, or all that a query matches.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::bulk::{Bulk, BulkCounts, BulkOptions, BulkStep, Outcome, Verb};
use super::remote::{Answered, Ask, Remote, RequestError};
use super::{Common, queries, verdict};

/// Which jobs, and how.
#[derive(Args, Clone, Debug)]
pub(crate) struct ManyArgs {
    /// The jobs, by their identifiers
    #[arg(value_name = "ID", required_unless_present_any = ["query", "all"])]
    ids: Vec<Uuid>,

    /// All jobs that a query matches, e.g. 'state:failed type:email'
    #[arg(long, value_name = "QUERY", conflicts_with = "ids")]
    query: Option<String>,

    /// All jobs
    #[arg(long, conflicts_with_all = ["ids", "query"])]
    all: bool,

    #[command(flatten)]
    options: BulkOptions,

    #[command(flatten)]
    common: Common,
}

/// Does it.
pub(super) async fn run(args: ManyArgs, verb: &Verb) -> anyhow::Result<ExitCode> {
    let gateway = args.common.gateway();
    if args.query.is_none() && !args.all {
        return singly(&args, &gateway, verb).await;
    }
    let path = format!("/jobs:{}", verb.name);
    let bulk = Bulk {
        gateway: &gateway,
        path: &path,
        verb,
        options: args.options,
        out: args.common.out(),
    };
    bulk.run(selection(args.query)?).await
}

/// What a request for many selects. A query that says nothing is no way to say everything: it may be a variable that
/// nobody set.
fn selection(query: Option<String>) -> anyhow::Result<Map<String, Value>> {
    let mut selection = Map::new();
    match query {
        None => selection.insert("all".into(), true.into()),
        Some(text) if text.trim().is_empty() => {
            anyhow::bail!("an empty query matches every job: say --all if that is meant")
        }
        Some(text) => selection.insert("q".into(), queries::checked(&[text])?.into()),
    };
    Ok(selection)
}

async fn singly(args: &ManyArgs, gateway: &Remote, verb: &Verb) -> anyhow::Result<ExitCode> {
    let out = args.common.out();
    if args.options.dry_run {
        anyhow::bail!(
            "--dry-run is for --query and --all: {} by an ID is one job",
            verb.name
        );
    }
    let mut counts = BulkCounts::default();
    for id in &args.ids {
        let step = one(gateway, *id, verb).await?;
        counts.count(step.outcome);
        if out.json {
            out.document(&step)?;
        } else {
            out.line(step.line(verb, out.style))?;
        }
    }
    Ok(verdict(counts.refused() == 0))
}

async fn one(gateway: &Remote, id: Uuid, verb: &Verb) -> Result<BulkStep, RequestError> {
    let ask = match verb.name {
        "delete" => Ask::delete(format!("/jobs/{id}")),
        name => Ask::post(format!("/jobs/{id}/{name}")),
    };
    step(id, &gateway.send(ask).await?)
}

/// What the answer to a wish for one job says.
fn step(job_id: Uuid, answer: &Answered) -> Result<BulkStep, RequestError> {
    let body: Value = if answer.body.is_empty() {
        Value::Null
    } else {
        answer.json()?
    };
    let outcome = match answer.status {
        // A retry is done once it is answered 202; a cancellation is not.
        202 if body["cancelling"] == true => Outcome::Requested,
        200..300 => Outcome::Done,
        404 => Outcome::Unknown,
        409 => Outcome::Conflict,
        _ => return Err(answer.refusal()),
    };
    // The `status` of a problem is a number unless it is the job's.
    let text = |name: &str| body[name].as_str().map(ToOwned::to_owned);
    let status = text("jobStatus").or_else(|| text("status"));
    let error = text("detail").filter(|_| outcome == Outcome::Conflict);
    Ok(BulkStep {
        job_id,
        outcome,
        status,
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_that_says_nothing_is_not_everything() {
        assert!(selection(Some(" ".into())).is_err());
        assert!(selection(Some("typ:x".into())).is_err());
        assert_eq!(selection(None).unwrap()["all"], true);
        assert_eq!(
            selection(Some("state:failed".into())).unwrap()["q"],
            "state:failed"
        );
    }
}
