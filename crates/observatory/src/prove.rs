//! `observatory prove`: attacks the promise that what was answered 202 ends exactly once.
//!
//! [`run`] is the whole attack. The parts that decide are pure functions: `plan` and `kills` say what happens
//! (by seed and index), `judge` says what is wrong with what the public interface tells afterwards.

mod arena;
mod findings;
mod inspect;
mod judge;
mod kills;
mod ledger;
mod plan;
mod recovery;
mod report;
mod scan;
mod settle;
mod source;
mod submit;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;

use crate::api::{ApiError, ReadModel};
use crate::child::{Server, choose_port_offset};
use crate::http_client::Target;
use crate::interrupt;
use crate::output;
use crate::progress::Progress;
use crate::scratch::Scratch;
use arena::{Arena, Halt, READY_LIMIT};
use findings::{Breach, Findings};
use plan::Plan;
use recovery::Killed;
use report::Report;
use submit::Submission;

/// What `observatory prove` can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProveArgs {
    /// How many jobs to submit
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    jobs: u64,

    /// How often to kill the observatory
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(..=10_000))]
    kills: u64,

    /// What jobs, kills and their moments are drawn from; the same seed attacks the same way
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// How long counters may stand still before jobs that have not ended count as lost, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    patience: u64,

    #[command(flatten)]
    place: PlaceArgs,

    #[command(flatten)]
    output: output::OutputArgs,
}

/// Where the attacked observatory lives.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "The attacked observatory")]
struct PlaceArgs {
    /// Where it keeps its data; must be empty [default: a temporary directory]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// What is added to its ports [default: some that are free]
    #[arg(long, value_name = "N")]
    port_offset: Option<u16>,

    /// Leave data and log behind, even if all went well
    #[arg(long)]
    keep: bool,
}

/// Runs the attack and reports.
///
/// # Errors
/// Where the attack could not be made. A broken promise is no error but exit code 1.
pub(crate) async fn run(args: ProveArgs) -> anyhow::Result<ExitCode> {
    if let Some(dir) = &args.place.data_dir {
        expect_empty(dir)?;
    }
    let offset = choose_port_offset(args.place.port_offset)?;
    let scratch = Scratch::create("prove").context("cannot make a temporary directory")?;
    let data = args
        .place
        .data_dir
        .clone()
        .unwrap_or_else(|| scratch.path().join("data"));
    let mut server = Server::new(&data, &scratch.path().join("log"), offset)?;
    let outcome = tokio::select! {
        outcome = attack(&args, &mut server) => Some(outcome),
        () = interrupt::requested() => None,
    };
    let killed = server.kill().await;
    let code = conclude(&args, outcome, scratch)?;
    killed.context("cannot end the observatory")?;
    Ok(code)
}

fn conclude(
    args: &ProveArgs,
    outcome: Option<anyhow::Result<Report>>,
    scratch: Scratch,
) -> anyhow::Result<ExitCode> {
    let evidence = format!("data and log are kept in {}", scratch.path().display());
    let report = match outcome {
        Some(Ok(report)) => report,
        Some(Err(error)) => return Err(error.context(evidence)),
        None => {
            scratch.remove().ok();
            return Ok(ExitCode::from(interrupt::EXIT_INTERRUPTED));
        }
    };
    if report.kept() && !args.place.keep {
        scratch
            .remove()
            .context("cannot remove the temporary directory")?;
    } else {
        output::note(&evidence);
    }
    args.output.print(&report, &report)?;
    Ok(if report.kept() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Every job in the directory is counted, so none may be there before.
fn expect_empty(dir: &Path) -> anyhow::Result<()> {
    let first = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        entries => entries
            .with_context(|| format!("cannot read {}", dir.display()))?
            .next(),
    };
    if first.is_some() {
        bail!("{} is not empty", dir.display());
    }
    Ok(())
}

/// The attack: everything between the first start and the verdict.
async fn attack(args: &ProveArgs, server: &mut Server) -> anyhow::Result<Report> {
    let begun = Instant::now();
    let plan = Plan::new(args.seed, args.jobs);
    let submission = Arc::new(Submission::new(plan, server.gateway()));
    server.start()?;
    server.wait_ready(READY_LIMIT).await?;
    let (killed, halt) = storm(args, server, &submission).await;
    let mut report = Report {
        jobs: args.jobs,
        kills: killed.len() as u64,
        seed: args.seed,
        ready_ms: recovery::until_ready(&killed),
        ..Report::default()
    };
    let mut findings = match halt {
        None => verify(args, server, &submission, &killed, &mut report).await?,
        Some(Halt::Machine(error)) => return Err(error),
        Some(halt) => unverified(&halt, &submission),
    };
    findings.merge(submission.ledger.findings());
    let ledger = &submission.ledger;
    report.accepted = ledger.accepted();
    report.unanswered = ledger.unanswered();
    report.turned_away = ledger.turned_away();
    report.resubmitted = ledger.repeated();
    report.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report.with_findings(findings))
}

/// Submits and kills until both are done. Says which kills there were, and why the run cannot go on if so.
async fn storm(
    args: &ProveArgs,
    server: &mut Server,
    submission: &Arc<Submission>,
) -> (Vec<Killed>, Option<Halt>) {
    let progress = Progress::start("submitting", args.jobs, args.output.quiet);
    let mut tasks = submission.start();
    let mut arena = Arena {
        server,
        submission,
        progress: &progress,
        killed: Vec::new(),
    };
    let schedule = kills::schedule(args.seed, args.jobs, args.kills);
    let mut outcome = arena.run(&schedule).await;
    if outcome.is_ok() {
        // Some still repeat what was accepted; a submission that nobody answers ends by its own limit.
        outcome = arena
            .undisturbed(async { while tasks.join_next().await.is_some() {} })
            .await;
    }
    tasks.shutdown().await;
    (arena.killed, outcome.err())
}

/// When the observatory is gone for good, nothing that it accepted can be shown to have ended.
fn unverified(halt: &Halt, submission: &Submission) -> Findings {
    let mut findings = Findings::default();
    findings.add(Breach::Unexpected, "observatory", halt.to_string());
    for index in 0..submission.plan.jobs() {
        if submission.ledger.is_accepted(index) {
            let id = submission.plan.id(index);
            findings.add(Breach::Lost, id, "the observatory is gone");
        }
    }
    findings
}

/// Waits until all has settled, then asks about everything. The observatory must live through that.
async fn verify(
    args: &ProveArgs,
    server: &mut Server,
    submission: &Arc<Submission>,
    killed: &[Killed],
    report: &mut Report,
) -> anyhow::Result<Findings> {
    let read_model = server.read_model();
    tokio::select! {
        findings = examine(args, read_model, submission, killed, report) => Ok(findings),
        status = server.wait_end() => {
            let (kills, status) = (killed.len(), status?);
            Ok(unverified(&Halt::Ended { kills, status }, submission))
        }
    }
}

async fn examine(
    args: &ProveArgs,
    read_model: Target,
    submission: &Arc<Submission>,
    killed: &[Killed],
    report: &mut Report,
) -> Findings {
    let mut client = ReadModel::new(read_model.clone(), inspect::ANSWER_LIMIT);
    let accepted = submission.ledger.accepted();
    let progress = Progress::start("settling", accepted, args.output.quiet);
    settle::settle(
        &mut client,
        accepted,
        Duration::from_secs(args.patience),
        &progress,
    )
    .await;
    drop(progress);
    let progress = Progress::start("checking", args.jobs, args.output.quiet);
    let inspection = inspect::inspect(submission, read_model, killed, progress).await;
    report.terminal = inspection.terminal;
    report.quarantined = inspection.quarantined;
    report.crashed_attempts = inspection.crashes;
    report.recovery_ms = inspection.traces.until_work();
    report.resumed_ms = inspection.traces.until_resumed();
    let mut findings = inspection.findings;
    match totals(&mut client, submission, inspection.retries).await {
        Ok(more) => findings.merge(more),
        Err(error) => findings.add(Breach::Unexpected, "totals", error.to_string()),
    }
    findings
}

/// Holds the job list, the counters and the dead letters against what was accepted.
async fn totals(client: &mut ReadModel, submission: &Submission, retries: u64) -> Result<Findings, ApiError> {
    let (mut tally, mut findings) = scan::scan(client, &submission.plan, &submission.ledger).await?;
    tally.retries = retries;
    let stats = client.stats().await?;
    findings.merge(judge::counters(submission.ledger.accepted(), &tally, &stats));
    let dead = client.dead_letters().await?;
    if dead > 0 {
        findings.add(
            Breach::Unexpected,
            "dead letters",
            format!("{dead}, of good jobs only"),
        );
    }
    Ok(findings)
}
