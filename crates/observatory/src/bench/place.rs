//! Which observatory is measured.

use anyhow::{Context, bail};
use clap::Args;

use crate::child::{Fleet, ShapeArgs};
use crate::http_client::Target;
use crate::up;

/// One that runs, or one of our own.
#[derive(Args, Clone, Debug)]
pub(super) struct PlaceArgs {
    /// The gateway of a running observatory [default: start one with temporary data]
    #[arg(
        long,
        value_name = "URL",
        requires = "read_model",
        help_heading = "The measured observatory"
    )]
    gateway: Option<String>,

    /// The read model of that observatory
    #[arg(
        long,
        value_name = "URL",
        requires = "gateway",
        help_heading = "The measured observatory"
    )]
    read_model: Option<String>,

    /// What is added to the ports of an observatory started here [default: some that are free]
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "gateway",
        help_heading = "The measured observatory"
    )]
    pub(super) port_offset: Option<u16>,

    #[command(flatten)]
    shape: ShapeArgs,
}

impl PlaceArgs {
    /// Where the roles of an observatory of our own run.
    pub(super) fn target(&self) -> up::Target {
        self.shape.target
    }

    /// The roles of an observatory of our own as processes, or none where all run in one.
    ///
    /// # Errors
    /// When what was given does not go together.
    pub(super) fn fleet(&self) -> anyhow::Result<Option<Fleet>> {
        self.shape.fleet()
    }

    /// Where the running observatory is, if one is to be measured.
    ///
    /// # Errors
    /// When an address makes no sense.
    pub(super) fn targets(&self) -> anyhow::Result<Option<(Target, Target)>> {
        let fleet = self.fleet()?;
        let (Some(gateway), Some(read_model)) = (&self.gateway, &self.read_model) else {
            return Ok(None);
        };
        if fleet.is_some() {
            bail!("--target services starts an observatory; --gateway is for one that runs");
        }
        let parse = |url: &str| url.parse().with_context(|| format!("bad URL {url}"));
        Ok(Some((parse(gateway)?, parse(read_model)?)))
    }
}
