//! `observatory bench`: how fast, and how fast under a load that does not wait.
//!
//! [`run`] is the whole measurement. `load` is the hot path, `pace` its timing, `drain` and `lookup` find out
//! from the server's own records when jobs started and ended. `list` measures questions instead of jobs.

mod args;
mod drain;
mod host;
mod list;
mod load;
mod lookup;
mod pace;
mod pipe;
mod place;
mod report;
mod rss;
mod sample;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::{Clock, SystemClock};
use tokio::task::JoinSet;
use tokio::time::interval;

use crate::api::{ReadModel, Stats};
use crate::http_client::Target;
use crate::interrupt;
use crate::job_ids::JobIds;
use crate::measure::{Percentiles, millis};
use crate::progress::Progress;
pub(crate) use args::BenchArgs;
use args::{LoadArgs, OtherBench};
use drain::End;
use host::{Before, Own};
use load::{Load, LoadError, Shape, Start};
use lookup::ANSWER_LIMIT;
use pace::{Schedule, Ticker};
use pipe::Pipe;
use report::Report;
use rss::Rss;
use sample::Sample;

/// How often the progress of a load is shown.
const SHOW_EVERY: Duration = Duration::from_millis(250);

/// Runs the benchmark and reports.
///
/// # Errors
/// Where it could not be run to its end.
pub(crate) async fn run(args: BenchArgs) -> anyhow::Result<ExitCode> {
    match args.other {
        Some(OtherBench::List(list)) => list::run(&list).await,
        None => run_load(&args.load).await,
    }
}

async fn run_load(args: &LoadArgs) -> anyhow::Result<ExitCode> {
    args.check()?;
    if let Some((gateway, read_model)) = args.place.targets()? {
        return tokio::select! {
            report = measure(args, gateway, read_model) => conclude(args, &report?),
            () = interrupt::requested() => Ok(ExitCode::from(interrupt::EXIT_INTERRUPTED)),
        };
    }
    let pipe = tokio::select! {
        pipe = bare_pipe(args) => pipe?,
        () = interrupt::requested() => return Ok(ExitCode::from(interrupt::EXIT_INTERRUPTED)),
    };
    let mut own = Own::start(&args.place)?;
    let outcome = tokio::select! {
        outcome = measure_own(args, &mut own) => Some(outcome),
        () = interrupt::requested() => None,
    };
    let outcome = outcome.map(|report| report.map(|report| report.beside(pipe)));
    match own.conclude(outcome).await? {
        Some(report) => conclude(args, &report),
        None => Ok(ExitCode::from(interrupt::EXIT_INTERRUPTED)),
    }
}

/// What the servers do at best, where there are any. Nothing else is under way then.
async fn bare_pipe(args: &LoadArgs) -> anyhow::Result<Option<Pipe>> {
    let Some(fleet) = args.place.fleet()? else {
        return Ok(None);
    };
    let _progress = Progress::start("bare pipe", args.jobs, args.output.quiet);
    let pipe = pipe::measure(fleet.bin_dir.as_deref(), args.jobs, args.body_bytes()).await?;
    Ok(Some(pipe))
}

fn conclude(args: &LoadArgs, report: &Report) -> anyhow::Result<ExitCode> {
    args.output.print(report, report)?;
    Ok(if report.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn measure_own(args: &LoadArgs, own: &mut Own) -> anyhow::Result<Report> {
    let Before { first_job, memory } = own.warm_up().await?;
    let (gateway, read_model) = own.targets();
    let mut report = tokio::select! {
        report = measure(args, gateway, read_model) => report?,
        error = own.failed() => return Err(error),
    };
    report.first_job_ms = Some(first_job);
    let after = own.memory();
    report.rss_mb = Rss::between(args.place.target(), &memory, &after);
    Ok(report)
}

/// Loads the gateway, waits for the end and looks up what happened when.
async fn measure(args: &LoadArgs, gateway: Target, read_model: Target) -> anyhow::Result<Report> {
    let mut client = ReadModel::new(read_model.clone(), ANSWER_LIMIT);
    let before = client.stats().await.context("the read model does not answer")?;
    let load = start(args, gateway)?;
    let tasks = load.1.send();
    let (start, load) = load;
    submit(args, &load, tasks, &mut client, &before).await?;
    let progress = Progress::start("finishing", args.jobs, args.output.quiet);
    let end = drain::drain(&mut client, &before, args.jobs, start.micros, &progress).await?;
    drop(progress);
    let progress = Progress::start("looking up", load.sample().len() as u64, args.output.quiet);
    let lives = lookup::look_up(&load, read_model, progress).await?;
    Ok(Report {
        start_ms: Percentiles::from(&lives.start),
        complete_ms: Percentiles::from(&lives.complete),
        ..summary(args, &load, start, end)
    })
}

fn start(args: &LoadArgs, gateway: Target) -> anyhow::Result<(Start, Arc<Load>)> {
    let start = Start {
        instant: Instant::now(),
        micros: SystemClock.now().as_microsecond(),
    };
    let seed = args.seed.unwrap_or(start.micros.unsigned_abs());
    let shape = Shape {
        jobs: args.jobs,
        batch: args.batch,
        connections: args.connections(),
        ids: JobIds::new(seed, start.micros.unsigned_abs() / 1000),
        rest: args.rest_of_body(),
    };
    let pace = match args.rate {
        None => None,
        Some(rate) => {
            let schedule = Schedule::new(rate, args.batch);
            let ticker = Ticker::start(schedule, start.instant, shape.requests())?;
            Some((schedule, ticker))
        }
    };
    let sample = Sample::new(seed, args.jobs);
    Ok((start, Load::new(shape, gateway, start, pace, sample)))
}

/// Waits until everything is submitted, and shows how it goes.
async fn submit(
    args: &LoadArgs,
    load: &Load,
    mut tasks: JoinSet<Result<(), LoadError>>,
    client: &mut ReadModel,
    before: &Stats,
) -> anyhow::Result<()> {
    let progress = Progress::start("submitting", args.jobs, args.output.quiet);
    let mut show = interval(SHOW_EVERY);
    loop {
        tokio::select! {
            task = tasks.join_next() => match task {
                Some(sent) => sent??,
                None => return Ok(()),
            },
            _ = show.tick(), if !args.output.quiet => {
                let ended = client.glance().await.map_or(0, |stats| stats.ended());
                let note = format!("{} finished", ended.saturating_sub(before.ended()));
                progress.show(load.accepted(), &note);
            }
        }
    }
}

/// A number without the digits that say nothing.
fn rounded(number: f64, parts: f64) -> f64 {
    (number * parts).round() / parts
}

/// The report, as far as it is known without looking at single jobs.
fn summary(args: &LoadArgs, load: &Load, start: Start, end: End) -> Report {
    let between = |from: i64, to: i64| u64::try_from(to - from).unwrap_or(0);
    let elapsed_s = rounded(millis(between(start.micros, end.last)) / 1000.0, 1000.0);
    let accept_ms = Percentiles::from(&load.latencies());
    Report {
        jobs_per_second: rounded(args.jobs_as_f64() / elapsed_s.max(f64::EPSILON), 10.0),
        accept_ms,
        start_ms: accept_ms,
        complete_ms: accept_ms,
        jobs: args.jobs,
        failed: end.failed,
        mode: if args.rate.is_some() {
            "open loop"
        } else {
            "flat out"
        },
        rate: args.rate,
        batch: args.batch,
        connections: args.connections(),
        job_type: args.job_type.clone(),
        elapsed_s,
        stats_lag_ms: millis(between(end.last, end.shown)),
        sampled: load.sample().len(),
        turned_away: load.turned_away(),
        rss_mb: None,
        first_job_ms: None,
        pipe_per_second: None,
        ratio: None,
    }
}
