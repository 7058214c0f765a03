//! `observatory manual`: completions and manual pages, for whoever packs the command.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Command, Subcommand};
use clap_complete::Shell;

/// What `observatory manual` can be told.
#[derive(Args, Clone, Debug)]
pub(crate) struct ManualArgs {
    #[command(subcommand)]
    part: Part,
}

#[derive(Clone, Debug, Subcommand)]
enum Part {
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Write manual pages, one for each command
    Pages {
        /// Into which directory; it is made if it is not there
        directory: PathBuf,
    },
}

/// Prints or writes what is asked for, of the whole `command`.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn run(args: &ManualArgs, mut command: Command) -> anyhow::Result<()> {
    match &args.part {
        Part::Completions { shell } => completions(*shell, &mut command),
        Part::Pages { directory } => pages(directory, command),
    }
}

fn completions(shell: Shell, command: &mut Command) -> anyhow::Result<()> {
    // Whoever reads it may stop early; the generator would not bear that.
    let mut text = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(shell, command, name, &mut text);
    Ok(io::stdout().write_all(&text)?)
}

fn pages(directory: &Path, command: Command) -> anyhow::Result<()> {
    std::fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(command, directory))
        .with_context(|| format!("cannot write manual pages into {}", directory.display()))
}
