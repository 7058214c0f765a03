//! Asks, and takes the time.

use std::time::Instant;

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
    let mut times: Histogram<u64> = measure::histogram();
    let mut last = PageLength::default();
    for page in 0..args.requests {
        let mut path = format!(
            "/jobs?limit={}&q={}",
            args.limit,
            encoded(&question.query(seed, page))
        );
        if let Some(cursor) = last.next_cursor.as_deref().filter(|_| question.goes_on) {
            path = format!("{path}&cursor={}", encoded(cursor));
        }
        let begun = Instant::now();
        let answer = session.get(&path).await.with_context(|| format!("GET {path}"))?;
        let took = begun.elapsed();
        if answer.status != 200 {
            bail!("GET {path}: status {}: {}", answer.status, quote(answer.body));
        }
        times.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
        last = serde_json::from_slice(answer.body).with_context(|| format!("GET {path}"))?;
    }
    Ok(Answered {
        name: question.name,
        query: question.query,
        items: last.items.len(),
        page_ms: Percentiles::from(&times),
    })
}
