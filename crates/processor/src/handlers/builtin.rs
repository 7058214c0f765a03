//! The handlers that every processor has, as its operator allows them.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use service::client::ClientError;

use super::{Echo, Exec, Http, Sleep};
use crate::HandlerRegistry;

/// What the built-in handlers may do.
#[derive(Clone, Debug, Default)]
pub struct Builtin {
    /// The programs that `exec` jobs may run.
    pub programs: Vec<Program>,
    /// The job type whose handler runs jobs of types that nobody handles.
    pub fallback: Option<String>,
    /// Whether `http` jobs may call private, loopback and link-local addresses.
    pub allow_private_addresses: bool,
}

/// Why the built-in handlers cannot be as they are wanted.
#[derive(Debug, thiserror::Error)]
pub enum BuiltinError {
    /// There is no such program.
    #[error("{0}: not the absolute path of a program")]
    NoProgram(Program),
    /// Two programs have one name.
    #[error("`{0}` is named twice")]
    TwoPrograms(String),
    /// The fallback is the handler of no type.
    #[error("no such type: {fallback} (known: {})", known.join(", "))]
    NoSuchType {
        /// What was asked for.
        fallback: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The client of `http` jobs cannot be made.
    #[error("failed to make the http client: {0}")]
    Client(#[from] ClientError),
}

impl Builtin {
    /// The handlers.
    ///
    /// # Errors
    /// [`BuiltinError`].
    pub fn registry(&self) -> Result<HandlerRegistry, BuiltinError> {
        // Programs are processes of their own: more of them than this only slows each other down.
        let at_once = std::thread::available_parallelism().map_or(2, usize::from) * 2;
        let handlers = HandlerRegistry::new()
            .with("echo", Echo)
            .with("sleep", Sleep)
            .with("http", Http::new(self.allow_private_addresses)?)
            .with("exec", Exec::new(by_name(&self.programs)?, at_once));
        let Some(fallback) = &self.fallback else {
            return Ok(handlers);
        };
        handlers
            .with_fallback(fallback)
            .map_err(|handlers| BuiltinError::NoSuchType {
                fallback: fallback.clone(),
                known: handlers.job_types().into_iter().map(str::to_owned).collect(),
            })
    }
}

fn by_name(programs: &[Program]) -> Result<BTreeMap<String, PathBuf>, BuiltinError> {
    let mut named = BTreeMap::new();
    for program in programs {
        if !program.path.is_absolute() || !program.path.is_file() {
            return Err(BuiltinError::NoProgram(program.clone()));
        }
        if named.insert(program.name.clone(), program.path.clone()).is_some() {
            return Err(BuiltinError::TwoPrograms(program.name.clone()));
        }
    }
    Ok(named)
}

/// A program under a name. As text it is `NAME=PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What jobs call it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.path.display())
    }
}

/// A text that is no program under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected NAME=PATH, e.g. backup=/usr/local/bin/backup")]
pub struct NoProgramName;

impl FromStr for Program {
    type Err = NoProgramName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('=') {
            Some((name, path)) if !name.is_empty() && !path.is_empty() => Ok(Self {
                name: name.to_owned(),
                path: PathBuf::from(path),
            }),
            _ => Err(NoProgramName),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(text: &str) -> Program {
        text.parse().unwrap()
    }

    fn refused(builtin: &Builtin) -> String {
        builtin.registry().err().map(|error| error.to_string()).unwrap()
    }

    #[test]
    fn programs_have_a_name_and_a_path() {
        let expected = Program {
            name: "true".into(),
            path: "/bin/true".into(),
        };
        assert_eq!(program("true=/bin/true"), expected);
        assert_eq!(expected.to_string(), "true=/bin/true");
        assert!("/bin/true".parse::<Program>().is_err() && "=x".parse::<Program>().is_err());
    }

    #[test]
    fn the_handlers_of_an_operator_who_says_nothing() {
        let handlers = Builtin::default().registry().unwrap();
        assert_eq!(handlers.job_types(), ["echo", "exec", "http", "sleep"]);
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let with = |programs: &[&str]| Builtin {
            programs: programs.iter().map(|text| program(text)).collect(),
            ..Builtin::default()
        };
        assert!(refused(&with(&["gone=/no/such/file"])).contains("gone=/no/such/file"));
        assert!(refused(&with(&["here=sh"])).contains("absolute"));
        assert!(refused(&with(&["a=/bin/sh", "a=/bin/sh"])).contains("`a`"));
        let fallback = Builtin {
            fallback: Some("ecko".into()),
            ..Builtin::default()
        };
        assert_eq!(
            refused(&fallback),
            "no such type: ecko (known: echo, exec, http, sleep)"
        );
    }
}
