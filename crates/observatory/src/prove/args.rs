//! What `observatory prove` can be told.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::bail;
use clap::Args;

use crate::child::{Fleet, ShapeArgs};
use crate::output;

/// What `observatory prove` can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct ProveArgs {
    /// How many jobs to submit
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(super) jobs: u64,

    /// How often to kill the observatory, or a part of it; 0 only submits and verifies
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(..=10_000))]
    pub(super) kills: u64,

    /// Ask processes to stop (SIGTERM) instead of killing them; no attempt may be lost then
    #[arg(long)]
    pub(super) gently: bool,

    /// How many schedules fire every second meanwhile
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u64).range(..=100))]
    pub(super) schedules: u64,

    /// What jobs, kills and their moments are drawn from; the same seed attacks the same way
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(super) seed: u64,

    /// How long counters may stand still, and requests go unanswered, before jobs count as lost, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(..=86_400))]
    patience: u64,

    /// Find fault where no job ends for longer than that while there are jobs that could
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(super) max_recovery: Option<u64>,

    #[command(flatten)]
    shape: ShapeArgs,

    #[command(flatten)]
    pub(super) place: PlaceArgs,

    #[command(flatten)]
    pub(super) output: output::OutputArgs,
}

/// Where the attacked observatory lives.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "The observatory that is started")]
pub(super) struct PlaceArgs {
    /// Where it keeps its data; must be empty [default: a temporary directory]
    #[arg(long, value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,

    /// What is added to its ports [default: some that are free]
    #[arg(long, value_name = "N")]
    pub(super) port_offset: Option<u16>,

    /// Leave data and log behind, even if all went well
    #[arg(long)]
    pub(super) keep: bool,
}

impl ProveArgs {
    /// The roles as processes, or none where all run in one.
    ///
    /// # Errors
    /// When what was given does not go together.
    pub(super) fn fleet(&self) -> anyhow::Result<Option<Fleet>> {
        let fleet = self.shape.fleet()?;
        if fleet.is_some() && self.place.data_dir.is_some() {
            bail!("--data-dir is for --target embedded: here the servers keep the data");
        }
        Ok(fleet)
    }

    /// How long to wait for what does not come.
    pub(super) fn patience(&self) -> Duration {
        Duration::from_secs(self.patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: ProveArgs,
    }

    fn parse(words: &[&str]) -> Result<ProveArgs, clap::Error> {
        let line = std::iter::once("prove").chain(words.iter().copied());
        Line::try_parse_from(line).map(|line| line.args)
    }

    #[test]
    fn a_run_without_kills_and_with_a_bound_can_be_asked_for() {
        let args = parse(&["--kills", "0", "--max-recovery", "20", "--patience", "120"]).unwrap();
        assert_eq!((args.kills, args.max_recovery), (0, Some(20)));
        assert_eq!(args.patience(), Duration::from_mins(2));
        assert!(!args.gently && parse(&["--gently"]).unwrap().gently);
        assert!(parse(&["--max-recovery", "0"]).is_err());
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let error = |words: &[&str]| parse(words).unwrap().fleet().unwrap_err().to_string();
        assert!(error(&["--target", "services", "--data-dir", "d"]).contains("--data-dir"));
        assert!(error(&["--processors", "2"]).contains("--target services"));
        let fleet = parse(&["--target", "services"]).unwrap().fleet().unwrap();
        assert_eq!(fleet.map(|fleet| fleet.processors), Some(2));
    }
}
