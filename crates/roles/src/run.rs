//! A role's whole program.

mod input;
mod memory;
mod serve;

use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;

use crate::config::{CommandLine, Environment, Layers, Report, Settings, Values, command};
use crate::role::Role;
use crate::roles::all_settings;

/// The exit code where the configuration is wrong. The command line's is the same.
const EXIT_CONFIGURATION: u8 = 2;

/// Reads the command line and the configuration, and does what they say: runs the role until it is told to stop, or
/// checks its configuration.
pub fn run<R: Role>(role: R) -> ExitCode {
    memory::in_small_pages();
    let settings = R::settings();
    let matches = command(R::PROGRAM, R::ABOUT, &settings).get_matches();
    let command_line = CommandLine::of(&matches, &settings);
    let (check, quiet) = (command_line.check, command_line.quiet);
    let until_end_of_input = command_line.until_end_of_input;
    let loaded = match load::<R>(command_line, Environment::of_process()) {
        Ok(loaded) => loaded,
        Err(report) => {
            note(&report);
            return ExitCode::from(EXIT_CONFIGURATION);
        }
    };
    if check {
        return checked::<R>(&loaded, quiet);
    }
    match serve::run(role, loaded, until_end_of_input) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// A configuration that is in order.
pub(crate) struct Loaded<C> {
    /// What the role is told.
    pub(crate) config: C,
    /// What is in force, as a file would have it.
    pub(crate) in_force: String,
    /// What looks like a slip and is no error.
    pub(crate) warnings: Vec<String>,
}

/// Loads a role's configuration from its layers.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn load<R: Role>(
    command_line: CommandLine,
    environment: Environment,
) -> Result<Loaded<R::Config>, Report> {
    let known: Settings = all_settings();
    let warnings = warnings(&environment, &known);
    let (layers, errors) = Layers::load(command_line, environment, &known);
    let mut values = Values::new(&layers, errors);
    let config = R::read(&mut values);
    let in_force = values.in_force();
    Ok(Loaded {
        config: values.finish(config)?,
        in_force,
        warnings,
    })
}

fn warnings(environment: &Environment, known: &Settings) -> Vec<String> {
    let slips = environment.slips(known).into_iter();
    slips
        .map(|(name, meant)| format!("{name} is no setting; did you mean {meant}?"))
        .collect()
}

fn checked<R: Role>(loaded: &Loaded<R::Config>, quiet: bool) -> ExitCode {
    for warning in &loaded.warnings {
        note(&format!("warning: {warning}"));
    }
    if !quiet {
        let (program, in_force) = (R::PROGRAM, &loaded.in_force);
        // Nobody reads it any more? Then nobody misses it.
        let _ = write!(
            std::io::stdout(),
            "# What is in force for {program}, and where it is from.\n{in_force}"
        );
    }
    ExitCode::SUCCESS
}

/// Says something on stderr. Nobody may be listening, which is fine.
fn note(words: &impl Display) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

#[cfg(test)]
mod tests;
