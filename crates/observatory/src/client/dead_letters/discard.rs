//! `observatory dead-letters discard`.

use std::process::ExitCode;

use clap::Args;

use super::select::Selection;
use crate::client::Common;
use crate::client::bulk::Verb;

const VERB: Verb = Verb {
    name: "discard",
    past: "discarded",
    doing: "discarding",
    what: "dead letter",
};

/// Which letters to discard.
#[derive(Args, Clone, Debug)]
pub(super) struct DiscardArgs {
    #[command(flatten)]
    selection: Selection,
}

/// Discards.
pub(super) async fn run(common: &Common, args: &DiscardArgs) -> anyhow::Result<ExitCode> {
    args.selection.carry_out(common, &VERB).await
}
