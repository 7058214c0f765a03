//! Asks, and takes the time.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hdrhistogram::Histogram;

use super::ListArgs;
use super::questions::{QUESTIONS, Question};
use super::report::Answered;
use crate::api::{PageLength, quote};
use crate::bench::lookup::ANSWER_LIMIT;
use crate::http_client::{Session, Target, encoded};
use crate::measure::{self, Percentiles};
use crate::progress::Progress;

/// Asks every question.
pub(super) async fn all(args: &ListArgs, seed: u64, read_model: Target) -> anyhow::Result<Vec<Answered>> {
    let total = args.requests * QUESTIONS.len() as u64;
    let progress = Progress::start("asking", total, args.output.quiet);
    let mut session = Session::new(read_model, ANSWER_LIMIT);
    let mut answers = Vec::new();
    for (place, question) in QUESTIONS.iter().enumerate() {
        progress.show(args.requests * place as u64, question.name);
        answers.push(one(args, seed, &mut session, question).await?);
    }
    Ok(answers)
}

async fn one(
    args: &ListArgs,
    seed: u64,
    session: &mut Session,
    question: &Question,
) -> anyhow::Result<Answered> {
    let (mut pages, mut lists) = (measure::histogram(), measure::histogram());
    let (mut items, mut cursor) = (0, None);
    for request in 0..args.requests {
        let query = question.query(seed, request);
        let mut whole = Duration::ZERO;
        items = 0;
        loop {
            let (page, took) = page(session, &query, args.limit, cursor.as_deref()).await?;
            record(&mut pages, took);
            whole += took;
            items += page.items.len();
            cursor = page.next_cursor;
            if cursor.is_none() || items as u64 >= args.limit {
                break;
            }
        }
        record(&mut lists, whole);
        cursor = cursor.filter(|_| question.goes_on);
    }
    Ok(Answered {
        name: question.name,
        query: question.query,
        items,
        page_ms: Percentiles::from(&pages),
        list_ms: Percentiles::from(&lists),
    })
}

async fn page(
    session: &mut Session,
    query: &str,
    limit: u64,
    cursor: Option<&str>,
) -> anyhow::Result<(PageLength, Duration)> {
    let mut path = format!("/jobs?limit={limit}&q={}", encoded(query));
    if let Some(cursor) = cursor {
        path = format!("{path}&cursor={}", encoded(cursor));
    }
    let begun = Instant::now();
    let answer = session.get(&path).await.with_context(|| format!("GET {path}"))?;
    let took = begun.elapsed();
    if answer.status != 200 {
        bail!("GET {path}: status {}: {}", answer.status, quote(answer.body));
    }
    let page = serde_json::from_slice(answer.body).with_context(|| format!("GET {path}"))?;
    Ok((page, took))
}

fn record(times: &mut Histogram<u64>, took: Duration) {
    times.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
}
