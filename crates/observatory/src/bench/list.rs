//! `observatory bench list`: how fast lists and filters answer over many jobs.
//!
//! `fill` submits the jobs, `questions` says what is asked, `ask` asks it.

mod ask;
mod fill;
mod questions;
mod report;

use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use domain::{Clock, SystemClock};

use super::host::Own;
use super::lookup::ANSWER_LIMIT;
use super::place::PlaceArgs;
use crate::api::ReadModel;
use crate::http_client::Target;
use crate::interrupt;
use crate::output::OutputArgs;
use fill::Fill;
use report::Report;

/// What it is for.
pub(super) const ABOUT: &str = "\
Measure how fast lists and filters answer over many jobs.

Submits jobs in batches and waits until they have settled: seven of ten COMPLETED, two FAILED (in ten types that nobody \
handles), one SCHEDULED for tomorrow, with tags, priorities and a payload. Then it asks a fixed set of questions, one \
after the other over one connection, each many times with other values, and takes the time of every page, and of \
the pages that it takes until there are as many jobs as fit on one.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory bench list
  observatory bench list --jobs 1000000 --max-p95 50
  observatory bench list --jobs 0 --gateway http://localhost:3000 --read-model http://localhost:8080

What --json prints:
  jobs, fill_s              how many jobs were submitted, and how long until they had settled
  requests, limit           pages asked for of each question, and jobs on a page
  questions                 name, query, items (jobs of the last list), and p50, p95, p99, max of
                            page_ms (one page) and list_ms (pages until there are `limit` jobs or
                            no more: where few match, a page may be short)
  worst_p95_ms              the slowest question's page

Exit codes:
  0    measured; with --max-p95: no question is slower
  1    one is
  2    the measurement could not be made
  130  interrupted";

/// The command line.
#[derive(Args, Clone, Debug)]
pub(super) struct ListArgs {
    /// How many jobs to submit first; 0 asks about what is there
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    jobs: u64,

    /// How many times to ask each question
    #[arg(long, value_name = "R", default_value_t = 200, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    requests: u64,

    /// How many jobs on a page
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=500))]
    limit: u64,

    /// Find fault where the 95th percentile of a question is above so many milliseconds
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u32).range(1..))]
    max_p95: Option<u32>,

    /// What identifiers and values are drawn from [default: the time]
    #[arg(long, value_name = "S")]
    seed: Option<u64>,

    #[command(flatten)]
    place: PlaceArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Fills, asks and reports.
pub(super) async fn run(args: &ListArgs) -> anyhow::Result<ExitCode> {
    let report = if let Some((gateway, read_model)) = args.place.targets()? {
        tokio::select! {
            report = measure(args, gateway, read_model) => Some(report?),
            () = interrupt::requested() => None,
        }
    } else {
        measure_own(args).await?
    };
    let Some(report) = report else {
        return Ok(ExitCode::from(interrupt::EXIT_INTERRUPTED));
    };
    args.output.print(&report, &report)?;
    let slow = args
        .max_p95
        .is_some_and(|most| report.worst_p95_ms > f64::from(most));
    Ok(if slow {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

async fn measure_own(args: &ListArgs) -> anyhow::Result<Option<Report>> {
    let mut own = Own::start(&args.place)?;
    let (gateway, read_model) = own.targets();
    let outcome = tokio::select! {
        outcome = async {
            own.warm_up().await?;
            tokio::select! {
                report = measure(args, gateway, read_model) => report,
                error = own.failed() => Err(error),
            }
        } => Some(outcome),
        () = interrupt::requested() => None,
    };
    own.conclude(outcome).await
}

async fn measure(args: &ListArgs, gateway: Target, read_model: Target) -> anyhow::Result<Report> {
    let mut client = ReadModel::new(read_model.clone(), ANSWER_LIMIT);
    let before = client.stats().await.context("the read model does not answer")?;
    let micros = SystemClock.now().as_microsecond().unsigned_abs();
    let seed = args.seed.unwrap_or(micros);
    let fill = Fill::new(seed, args.jobs, micros / 1000);
    let begun = std::time::Instant::now();
    fill.run(gateway, args.output.quiet).await?;
    fill.settle(&mut client, &before, args.output.quiet).await?;
    let fill_s = begun.elapsed().as_secs_f64();
    let answers = ask::all(args, seed, read_model).await?;
    Ok(Report::new(args, fill_s, answers))
}
