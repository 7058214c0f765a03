//! The layers, one over the other.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::file::{self, FileLayer};
use super::{About, CommandLine, ConfigError, Environment, Given, Preset, Setting};

/// The variable that names the file.
pub(super) const FILE_VARIABLE: &str = "OBSERVATORY_CONFIG";

/// Where a value is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The file.
    File(Place),
    /// A variable.
    Variable(&'static str),
    /// An option, without its dashes.
    Option(&'static str),
}

/// A place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(place) => place.fmt(f),
            Self::Variable(name) => f.write_str(name),
            Self::Option(name) => write!(f, "--{name}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Everything that was given, in its layers.
#[derive(Clone, Debug, Default)]
pub struct Layers {
    options: BTreeMap<&'static str, Given>,
    environment: Environment,
    file: FileLayer,
}

impl Layers {
    /// The layers of a process. The file is the one that the command line names, or `OBSERVATORY_CONFIG`. What is wrong
    /// with it is returned beside what could be read. `known` are the settings of all roles.
    pub fn load(
        command_line: CommandLine,
        environment: Environment,
        known: &[&'static dyn Setting],
    ) -> (Self, Vec<ConfigError>) {
        let named = command_line
            .file
            .or_else(|| environment.get(FILE_VARIABLE).map(Into::into));
        let (file, errors) = match named {
            Some(path) => read(&path, known),
            None => (FileLayer::default(), Vec::new()),
        };
        let layers = Self {
            options: command_line.options,
            environment,
            file,
        };
        (layers, errors)
    }

    /// What was given for a setting in the topmost layer that has it.
    pub(super) fn find(&self, about: &About) -> Option<(Given, Source)> {
        if let Some(given) = self.options.get(about.path) {
            return Some((given.clone(), Source::Option(about.option)));
        }
        for name in about.variables {
            if let Some(text) = self.environment.get(name) {
                return Some((Given::Text(text.to_owned()), Source::Variable(name)));
            }
        }
        if let Some((given, place)) = self.file.get(about.path) {
            return Some((given.clone(), Source::File(place.clone())));
        }
        match about.preset {
            Preset::Value(text) => Some((Given::Text(text.to_owned()), Source::Default)),
            Preset::Nothing | Preset::Required(_) => None,
        }
    }
}

fn read(path: &Path, known: &[&'static dyn Setting]) -> (FileLayer, Vec<ConfigError>) {
    let name = path.display().to_string();
    match file::text(path) {
        Ok(text) => file::parse(&text, &name, known),
        Err(reason) => (FileLayer::default(), vec![ConfigError::File { name, reason }]),
    }
}
