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
mod notes;
mod plan;
mod recovery;
mod report;
mod scan;
mod schedules;
mod settle;
mod source;
mod submit;
mod verify;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;

use crate::child::{Server, choose_port_offset};
use crate::interrupt;
use crate::output;
use crate::progress::Progress;
use crate::scratch::Scratch;
use arena::{Arena, Halt, READY_LIMIT};
use plan::Plan;
use recovery::Killed;
use report::Report;
use schedules::Schedules;
use submit::Submission;
use verify::Claim;

/// What `observatory prove` can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProveArgs {
    /// How many jobs to submit
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    jobs: u64,

    /// How often to kill the observatory
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(..=10_000))]
    kills: u64,

    /// How many schedules fire every second meanwhile
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u64).range(..=100))]
    schedules: u64,

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
    let (gateway, read_model) = (server.gateway(), server.read_model());
    let submission = Arc::new(Submission::new(plan, gateway.clone(), read_model.clone()));
    server.start()?;
    server.wait_ready(READY_LIMIT).await?;
    let schedules = Schedules::start(args.schedules, gateway, read_model).await?;
    let (killed, halt) = storm(args, server, &submission).await;
    let mut report = Report {
        jobs: args.jobs,
        kills: killed.len() as u64,
        seed: args.seed,
        ready_ms: recovery::until_ready(&killed),
        ..Report::default()
    };
    let mut findings = match halt {
        None => {
            let claim = Claim {
                args,
                submission: &submission,
                killed: &killed,
            };
            claim.verify(server, schedules, &mut report).await?
        }
        Some(Halt::Machine(error)) => return Err(error),
        Some(halt) => verify::unverified(&halt, &submission),
    };
    findings.merge(submission.ledger.findings());
    let ledger = &submission.ledger;
    report.accepted = ledger.accepted();
    report.unanswered = ledger.unanswered();
    report.turned_away = ledger.turned_away();
    report.resubmitted = ledger.repeated();
    report.unique_refused = ledger.refusals();
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
