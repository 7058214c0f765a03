//! `observatory dead-letters`: messages that no service could accept.

mod discard;
mod list;
mod replay;
mod select;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};
use uuid::Uuid;

use super::Common;

/// What it is for.
pub(super) const ABOUT: &str = "\
Read, replay and discard messages that no service could accept.

A message that breaks the contract is set aside with the reason, and the next one is processed. It can be published again, \
as it was or corrected, or discarded. Until then it is open, which alerts can be made on.";

/// How it is used.
pub(super) const AFTER: &str = "\
Examples:
  observatory dead-letters
  observatory dead-letters show 2fe7a7b5-3a3f-5d0e-9b0a-0d3a4f8f5c11
  observatory dead-letters show ID --json | jq .originalEvent > event.json
  observatory dead-letters replay ID --edit event.json
  observatory dead-letters replay --all --dry-run
  observatory dead-letters discard --all --yes

Exit codes:
  0    done
  1    there is no such letter, it is not open, its event is still bad, nothing matched, or you
       said no
  2    it could not be done
  130  interrupted";

/// What to do; without anything open letters are listed.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct DeadLettersArgs {
    #[command(subcommand)]
    command: Option<DeadLettersCommand>,

    #[command(flatten)]
    list: list::ListArgs,

    #[command(flatten)]
    common: Common,
}

#[derive(Subcommand, Clone, Debug)]
enum DeadLettersCommand {
    /// List letters, newest first
    List(list::ListArgs),
    /// Show one: why it was rejected, from where, and the message itself
    Show(Named),
    /// Publish again, as it was or corrected
    Replay(replay::ReplayArgs),
    /// Decide that nothing follows
    Discard(discard::DiscardArgs),
}

/// Which letter.
#[derive(Args, Clone, Debug)]
struct Named {
    /// The letter
    #[arg(value_name = "ID")]
    id: Uuid,
}

/// Does it.
pub(super) async fn run(args: DeadLettersArgs) -> anyhow::Result<ExitCode> {
    let common = &args.common;
    match args.command.unwrap_or(DeadLettersCommand::List(args.list)) {
        DeadLettersCommand::List(list) => list::run(common, &list).await,
        DeadLettersCommand::Show(Named { id }) => show::run(common, id).await,
        DeadLettersCommand::Replay(replay) => replay::run(common, &replay).await,
        DeadLettersCommand::Discard(discard) => discard::run(common, &discard).await,
    }
}
