//! Results on stdout, words about them on stderr.

use std::fmt::Display;
use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

/// How a command says what it found.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// Print the result as one JSON object on stdout
    #[arg(long)]
    pub(crate) json: bool,

    /// Show no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl OutputArgs {
    /// Prints a result for people, or as JSON; then the words for people go to stderr unless quiet.
    ///
    /// # Errors
    /// When stdout is closed.
    pub(crate) fn print(&self, words: &impl Display, json: &impl Serialize) -> io::Result<()> {
        if !self.json {
            return writeln!(io::stdout(), "{words}");
        }
        if !self.quiet {
            note(words);
        }
        writeln!(io::stdout(), "{}", serde_json::to_string(json)?)
    }
}

/// Says something on stderr. Nobody may be listening, which is fine.
pub(crate) fn note(words: &impl Display) {
    let _ = writeln!(io::stderr(), "{words}");
}
