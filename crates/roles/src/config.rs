//! Configuration in layers: defaults, under a file, under the environment, under the command line.
//!
//! Every setting is a [`Key`], declared once: its place in the file, its variables, its option, its default, what it
//! means and what is allowed. Everything else follows from that: the command line, the documentation, the check, and
//! the typed value. A role reads its settings from [`Values`] into a struct of its own; what is wrong is collected, so
//! that one run tells all of it.
//!
//! One file may serve all roles: each reads the tables that are shared and its own, and knows the others' keys.

mod command_line;
mod effective;
mod environment;
mod error;
mod file;
mod given;
mod key;
pub mod kinds;
mod layers;
mod mask;
mod values;

pub use command_line::{CommandLine, command};
pub use effective::Effective;
pub use environment::Environment;
pub use error::{ConfigError, Report};
pub use given::Given;
pub use key::{About, Key, Kind, Preset, Setting};
pub use layers::{Layers, Place, Source};
pub use mask::masked;
pub use values::Values;

/// A list of settings, of whatever type.
pub type Settings = Vec<&'static dyn Setting>;
