//! `observatory up --target services`: every role as a child process, started, watched and stopped here.
//!
//! A role that ends by itself is started again. A stop goes through the roles in the order in which work flows, so that
//! each finds what the one before it has left. The children hold the other end of their standard input to us: whatever
//! ends this process, they stop as well.

mod banner;
mod check;
mod child;
mod keeper;
mod pauses;
mod plan;
mod programs;
mod role;

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use futures::future::join_all;
use service::shutdown::Shutdown;
use service::telemetry::{self, LogFormat};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::UpArgs;
use super::banner::announce;
use keeper::Keeper;
use plan::Member;
pub(crate) use role::Role;

/// How long running work may go on where nobody says, as the roles have it by default.
const DRAIN: Duration = Duration::from_secs(5);

/// The longest drain that the roles take from their file of settings.
const LONGEST_DRAIN: Duration = Duration::from_hours(1);

/// How long a role may take to end after its drain before it is killed. It stops hard by itself 10 s after it.
const HUNG: Duration = Duration::from_secs(20);

/// Runs the roles until it is told to stop.
///
/// # Errors
/// In words for a person: a program is missing, the configuration is wrong, a port is taken.
pub(super) async fn run(args: UpArgs) -> anyhow::Result<ExitCode> {
    let on_terminal = std::io::stderr().is_terminal();
    let format = if on_terminal {
        LogFormat::Text
    } else {
        LogFormat::Json
    };
    telemetry::init(format, "warn,service::shutdown=info,observatory=info")?;
    let shutdown = Shutdown::new();
    shutdown.on_signals().context("cannot listen to signals")?;
    let programs = programs::find(args.services.bin_dir.as_deref())?;
    let members = plan::plan(&args, &programs)?;
    check::ports(args.bind, &members).await?;
    check::configuration(&members).await?;

    let (parts, text) = (banner::parts(&members), banner::text(&args, &members));
    let stages = start(members, &shutdown, stop_limit(&args), on_terminal);
    announce(&parts, &text, &shutdown).await;
    shutdown.soft.cancelled().await;
    stop(stages).await;
    Ok(ExitCode::SUCCESS)
}

/// The port of a copy of a role, before the offset.
pub(crate) fn port(role: Role, copy: u16) -> u16 {
    plan::port(role, copy).number
}

/// How long one role may take to stop.
fn stop_limit(args: &UpArgs) -> Duration {
    let drain = match (args.drain, &args.services.config) {
        (Some(drain), _) => drain.get(),
        (None, Some(_)) => LONGEST_DRAIN,
        (None, None) => DRAIN,
    };
    drain + HUNG
}

/// Roles that stop together.
struct Stage {
    stop: CancellationToken,
    keepers: Vec<JoinHandle<()>>,
}

/// Starts every member. The stages are in the order in which they stop.
fn start(members: Vec<Member>, shutdown: &Shutdown, limit: Duration, on_terminal: bool) -> Vec<Stage> {
    let mut stages: Vec<(u8, Stage)> = Vec::new();
    for member in members {
        let order = member.role.stage();
        let place = stages.iter().position(|(stage, _)| *stage == order);
        let place = place.unwrap_or_else(|| {
            let stage = Stage {
                stop: shutdown.hard.child_token(),
                keepers: Vec::new(),
            };
            stages.push((order, stage));
            stages.len() - 1
        });
        let stage = &mut stages[place].1;
        let keeper = Keeper {
            member,
            stop: stage.stop.clone(),
            kill: shutdown.hard.clone(),
            limit,
            on_terminal,
        };
        stage.keepers.push(tokio::spawn(keeper.keep()));
    }
    stages.sort_by_key(|(order, _)| *order);
    stages.into_iter().map(|(_, stage)| stage).collect()
}

async fn stop(stages: Vec<Stage>) {
    for Stage { stop, keepers } in stages {
        stop.cancel();
        for ended in join_all(keepers).await {
            if let Err(error) = ended {
                tracing::error!(%error, "a role was not watched to its end");
            }
        }
    }
}
