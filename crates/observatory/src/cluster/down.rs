//! `observatory down`.

use std::process::ExitCode;

use anyhow::bail;

use super::args::DownArgs;
use super::create::exists;
use super::spec::Spec;
use super::tools::{LONG, Tools};
use crate::client::confirm::{Consent, ask};
use crate::output::note;

/// Deletes the kind cluster, after saying what goes with it.
///
/// # Errors
/// When it is not to be deleted, or cannot be.
pub(crate) async fn run(args: DownArgs) -> anyhow::Result<ExitCode> {
    let spec = Spec::read(&args.manifests)?;
    let Some(name) = spec.cluster else {
        bail!("these manifests are for no kind cluster; what they brought goes with their namespace")
    };
    let tools = Tools::new(None);
    if !exists(&tools, &name).await? {
        note(&format!("there is no kind cluster {name}"));
        return Ok(ExitCode::SUCCESS);
    }
    let lost = format!("kind cluster {name} goes, with every job, event and number in it");
    if !args.yes {
        match ask(&format!("{lost}. Delete it?")).await? {
            Consent::Given => {}
            Consent::Denied => bail!("left as it is"),
            Consent::NobodyThere => bail!("{lost}; --yes says that this is wanted"),
        }
    }
    tools
        .kind
        .ask(&["delete", "cluster", "--name", &name], LONG)
        .await?;
    note(&format!("kind cluster {name} deleted"));
    Ok(ExitCode::SUCCESS)
}
