//! `observatory prove`: attacks the promise that what was answered 202 ends exactly once.
//!
//! [`run`] is the whole attack. The parts that decide are pure functions: `plan` and `kills` say what happens
//! (by seed and index), `judge` says what is wrong with what the public interface tells afterwards.

mod arena;
mod args;
mod attacked;
mod blows;
mod empty;
mod findings;
mod gaps;
mod inspect;
mod judge;
mod kills;
mod ledger;
mod logged;
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

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;

use crate::api::ReadModel;
use crate::child::{Server, Shape, choose_port_offset};
use crate::interrupt;
use crate::output;
use crate::progress::Progress;
use crate::scratch::Scratch;
use arena::{Arena, Halt};
pub(crate) use args::ProveArgs;
use attacked::Attacked;
use blows::Blow;
use kills::Kill;
use plan::Plan;
use recovery::Killed;
use report::Report;
use schedules::Schedules;
use submit::Submission;
use verify::Claim;

/// Runs the attack and reports.
///
/// # Errors
/// Where the attack could not be made. A broken promise is no error but exit code 1.
pub(crate) async fn run(args: ProveArgs) -> anyhow::Result<ExitCode> {
    if let Some(dir) = &args.place.data_dir {
        empty::expect_directory(dir)?;
    }
    let fleet = args.fleet()?;
    let scratch = Scratch::create("prove").context("cannot make a temporary directory")?;
    let (shape, posts) = match fleet {
        Some(fleet) => {
            let posts = fleet.posts();
            (Shape::Services(fleet), posts)
        }
        None => (Shape::Embedded(data_dir(&args, scratch.path())), Vec::new()),
    };
    let offset = match choose_port_offset(args.place.port_offset, &shape.ports()) {
        Ok(offset) => offset,
        Err(error) => {
            scratch.remove().ok();
            return Err(error);
        }
    };
    let server = Server::new(shape, &scratch.path().join("log"), offset)?;
    let mut attacked = Attacked::new(server, args.gently);
    let kills = kills::schedule(args.seed, args.jobs, args.kills);
    let schedule: Vec<_> = kills
        .into_iter()
        .zip(blows::blows(args.seed, args.kills, &posts))
        .collect();
    let outcome = tokio::select! {
        // First, so that whoever sees the child can stop us.
        biased;
        () = interrupt::requested() => None,
        outcome = attack(&args, &mut attacked, &schedule) => Some(outcome),
    };
    let ended = attacked.end().await;
    let code = conclude(&args, outcome, scratch)?;
    ended.context("cannot end the observatory")?;
    Ok(code)
}

fn data_dir(args: &ProveArgs, scratch: &Path) -> std::path::PathBuf {
    let given = args.place.data_dir.clone();
    given.unwrap_or_else(|| scratch.join("data"))
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

/// The attack: everything between the first start and the verdict.
async fn attack(
    args: &ProveArgs,
    attacked: &mut Attacked,
    schedule: &[(Kill, Blow)],
) -> anyhow::Result<Report> {
    let begun = Instant::now();
    let plan = Plan::new(args.seed, args.jobs);
    let (gateway, read_model) = (attacked.gateway(), attacked.read_model());
    let submission = Submission::new(plan, gateway.clone(), read_model.clone());
    let submission = Arc::new(submission.patient(args.patience()));
    begin(attacked).await?;
    let schedules = Schedules::start(args.schedules, gateway, read_model, submission.patience).await?;
    let (killed, halt) = storm(args, attacked, &submission, schedule).await;
    let mut report = Report {
        jobs: args.jobs,
        kills: killed.len() as u64,
        killed: attacked.hits(),
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
            claim.verify(attacked, schedules, &mut report).await?
        }
        Some(Halt::Machine(error)) => return Err(error),
        Some(halt) => verify::unverified(&halt, &submission),
    };
    for (who, what) in attacked.deserters() {
        submission.ledger.unexpected(who, what);
    }
    findings.merge(submission.ledger.findings());
    report.take_from(&submission.ledger);
    report.elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report.with_findings(findings))
}

/// Starts it, and sees that it has nothing yet.
async fn begin(attacked: &mut Attacked) -> anyhow::Result<()> {
    attacked.start()?;
    if let Err(error) = attacked.wait_ready().await {
        let words = attacked.last_words();
        return Err(anyhow::Error::new(error).context(format!("it does not start; it said last:\n{words}")));
    }
    let mut read_model = ReadModel::new(attacked.read_model(), inspect::ANSWER_LIMIT);
    empty::expect_servers(&mut read_model).await
}

/// Submits and kills until both are done. Says which kills there were, and why the run cannot go on if so.
async fn storm(
    args: &ProveArgs,
    attacked: &mut Attacked,
    submission: &Arc<Submission>,
    schedule: &[(Kill, Blow)],
) -> (Vec<Killed>, Option<Halt>) {
    let progress = Progress::start("submitting", args.jobs, args.output.quiet);
    let mut tasks = submission.start();
    let mut arena = Arena {
        attacked,
        submission,
        progress: &progress,
        killed: Vec::new(),
    };
    let mut outcome = arena.run(schedule).await;
    if outcome.is_ok() {
        // Some still repeat what was accepted; a submission that nobody answers ends by its own limit.
        outcome = arena
            .undisturbed(async { while tasks.join_next().await.is_some() {} })
            .await;
    }
    tasks.shutdown().await;
    (arena.killed, outcome.err())
}
