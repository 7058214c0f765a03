//! `observatory rebuild`: what is derived from the jobs, built anew.

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::time::sleep;

use super::remote::{Ask, Remote};
use super::{Common, verdict};
use crate::http_client::Target;
use crate::output;

/// What it is for.
pub(super) const ABOUT: &str = "\
Build what is derived from the jobs anew, out of their own histories, while everything runs.

The counters of live-stats are forgotten first and grow again, with whatever happens meanwhile; event-log keeps what is \
there and gets what is missing. Each event counts once, wherever it comes from. What retention has removed from the \
jobs is not built again. Live stats that were lost are rebuilt without being asked.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory rebuild live-stats
  observatory rebuild event-log --json

Exit codes:
  0    rebuilt
  1    it was given up; the log of the metrics engine says why
  2    it could not be done
  130  interrupted; the rebuild goes on";

/// The port of the metrics engine where it shares a process with the others.
const METRICS_ENGINE: u16 = 8000;

/// The pause between two looks.
const PAUSE: Duration = Duration::from_millis(200);

/// What to rebuild.
#[derive(Args, Clone, Debug)]
pub(crate) struct RebuildArgs {
    /// What to rebuild
    #[arg(value_enum)]
    what: Derived,

    /// Where the metrics engine is asked
    #[arg(
        long,
        help = "Where the metrics engine is asked [default: http://localhost:8000]",
        value_name = "URL",
        env = "OBSERVATORY_METRICS_ENGINE",
        hide_env_values = true
    )]
    metrics_engine: Option<Target>,

    #[command(flatten)]
    common: Common,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
enum Derived {
    /// Counters, minutes and groups of errors
    LiveStats,
    /// The events of all jobs
    EventLog,
}

impl Derived {
    fn name(self) -> &'static str {
        match self {
            Self::LiveStats => "live-stats",
            Self::EventLog => "event-log",
        }
    }
}

#[derive(Debug, Deserialize)]
struct Status {
    running: Option<Progress>,
    waiting: Vec<Derived>,
    done: Vec<Done>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    what: Derived,
    jobs: u64,
    new_events: u64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
struct Done {
    #[serde(flatten)]
    progress: Progress,
    at: Timestamp,
}

impl Status {
    /// When it was rebuilt last, and how much that was.
    fn done(&self, what: Derived) -> Option<Done> {
        self.done.iter().find(|done| done.progress.what == what).copied()
    }

    fn is_on_its_way(&self, what: Derived) -> bool {
        self.waiting.contains(&what) || self.running.is_some_and(|running| running.what == what)
    }
}

/// Asks for it and waits until it is done.
pub(super) async fn run(args: RebuildArgs) -> anyhow::Result<ExitCode> {
    let engine = args.common.remote(args.metrics_engine.as_ref(), METRICS_ENGINE);
    let before = status(&engine, Ask::get("/rebuild")).await?.done(args.what);
    let path = format!("/rebuild/{}", args.what.name());
    let mut now = status(&engine, Ask::post(path)).await?;
    while now.is_on_its_way(args.what) {
        sleep(PAUSE).await;
        now = status(&engine, Ask::get("/rebuild")).await?;
    }
    match now.done(args.what) {
        Some(done) if before.is_none_or(|before| before.at < done.at) => tell(&args, done),
        _ => {
            output::note(&format!("{} was given up", args.what.name()));
            Ok(verdict(false))
        }
    }
}

async fn status(engine: &Remote, ask: Ask) -> anyhow::Result<Status> {
    Ok(engine.must(ask).await?.json()?)
}

fn tell(args: &RebuildArgs, done: Done) -> anyhow::Result<ExitCode> {
    let out = args.common.out();
    let Progress {
        what,
        jobs,
        new_events,
    } = done.progress;
    if out.json {
        out.document(
            &serde_json::json!({"what": what.name(), "jobs": jobs, "newEvents": new_events, "at": done.at}),
        )?;
    } else {
        out.line(format!(
            "{} rebuilt: {jobs} jobs, {new_events} new events",
            what.name()
        ))?;
    }
    Ok(verdict(true))
}
