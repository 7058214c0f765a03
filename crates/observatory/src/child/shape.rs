//! Which observatory of our own is started: all in one process, or each role in its own.

use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::up::{self, Role, Target};

/// How many processors there are where nobody says: two, so that one can take over from the other.
const PROCESSORS: u16 = 2;

/// What is told to a child that runs every role in one process. The variables of the services shape must not be its:
/// they are for another observatory.
pub(super) const SERVICES_VARIABLES: [&str; 4] = [
    "OBSERVATORY_TARGET",
    "OBSERVATORY_BIN_DIR",
    "OBSERVATORY_PROCESSORS",
    "OBSERVATORY_CONFIG",
];

/// Which observatory is started, on a command line.
#[derive(Args, Clone, Debug)]
pub(crate) struct ShapeArgs {
    /// Where its roles run; servers are named by variables (docs/configuration.md)
    #[arg(
        long,
        value_parser = in_processes(),
        default_value_t,
        help_heading = "The observatory that is started"
    )]
    pub(crate) target: Target,

    /// With --target services: how many processors share the work [default: 2]
    #[arg(
        long,
        value_name = "N",
        value_parser = clap::value_parser!(u16).range(1..=64),
        help_heading = "The observatory that is started"
    )]
    processors: Option<u16>,

    /// With --target services: where the programs of the roles are [default: beside this one, then in PATH]
    #[arg(long, value_name = "DIR", help_heading = "The observatory that is started")]
    bin_dir: Option<PathBuf>,
}

/// The targets that are processes of this machine, which can be started and ended.
fn in_processes() -> impl TypedValueParser<Value = Target> {
    let values = [Target::Embedded, Target::Services];
    let names = values.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(names).try_map(|name| Target::from_str(&name, false))
}

impl ShapeArgs {
    /// The roles as processes, or none where all run in one.
    ///
    /// # Errors
    /// When something is told to one process that only several can do.
    pub(crate) fn fleet(&self) -> anyhow::Result<Option<Fleet>> {
        match self.target {
            Target::Services => Ok(Some(Fleet {
                processors: self.processors.unwrap_or(PROCESSORS),
                bin_dir: self.bin_dir.clone(),
            })),
            Target::Embedded if self.processors.is_some() || self.bin_dir.is_some() => {
                bail!("--processors and --bin-dir are for --target services")
            }
            Target::Embedded => Ok(None),
            Target::Kind | Target::Cluster => bail!("a cluster is not started by this command"),
        }
    }
}

/// What a child runs.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Every role in the child, which keeps its data in this directory.
    Embedded(PathBuf),
    /// Every role in a process of its own, below the child.
    Services(Fleet),
}

/// Roles as processes.
#[derive(Clone, Debug)]
pub(crate) struct Fleet {
    /// How many processors there are.
    pub(crate) processors: u16,
    /// Where the programs are, if not where they are looked for.
    pub(crate) bin_dir: Option<PathBuf>,
}

/// One process of a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Post {
    /// Its role.
    pub(crate) role: Role,
    /// Which of the processes of that role it is; the first is 0.
    pub(crate) copy: u16,
}

impl Post {
    /// The port where it answers, before the offset.
    pub(super) fn port(self) -> u16 {
        up::role_port(self.role, self.copy)
    }

    /// Its name, as reports have it.
    pub(crate) fn name(self) -> String {
        let role = role_name(self.role);
        match (self.role, self.copy) {
            (Role::Processor, copy) => format!("{role}-{}", copy + 1),
            _ => role.to_owned(),
        }
    }
}

/// The name of a role, as its program has it.
pub(crate) fn role_name(role: Role) -> &'static str {
    let program = role.program();
    program.strip_prefix("observatory-").unwrap_or(program)
}

impl Fleet {
    /// Every process.
    pub(crate) fn posts(&self) -> Vec<Post> {
        let copies = |role| {
            if role == Role::Processor {
                self.processors
            } else {
                1
            }
        };
        let of = |role| (0..copies(role)).map(move |copy| Post { role, copy });
        Role::ALL.into_iter().flat_map(of).collect()
    }
}

impl Shape {
    /// The ports that it needs, before the offset.
    pub(crate) fn ports(&self) -> Vec<u16> {
        match self {
            Self::Embedded(_) => super::port_offset::EMBEDDED.to_vec(),
            Self::Services(fleet) => fleet.posts().into_iter().map(Post::port).collect(),
        }
    }

    /// What `observatory up` is told to run it, besides what is told to all.
    pub(super) fn arguments(&self) -> Vec<String> {
        let path = |path: &Path| path.display().to_string();
        match self {
            Self::Embedded(data_dir) => vec!["--data-dir".to_owned(), path(data_dir)],
            Self::Services(fleet) => {
                let mut words = vec!["--target".to_owned(), "services".to_owned()];
                words.extend(["--processors".to_owned(), fleet.processors.to_string()]);
                if let Some(directory) = &fleet.bin_dir {
                    words.extend(["--bin-dir".to_owned(), path(directory)]);
                }
                words
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: ShapeArgs,
    }

    fn parse(words: &[&str]) -> Result<ShapeArgs, clap::Error> {
        let line = std::iter::once("prove").chain(words.iter().copied());
        Line::try_parse_from(line).map(|line| line.args)
    }

    fn fleet(words: &[&str]) -> anyhow::Result<Option<Fleet>> {
        parse(words).unwrap().fleet()
    }

    #[test]
    fn one_process_is_the_default_and_takes_nothing_of_several() {
        assert!(fleet(&[]).unwrap().is_none());
        for words in [["--processors", "2"], ["--bin-dir", "d"]] {
            let error = fleet(&words).unwrap_err().to_string();
            assert!(error.contains("--target services"), "{error}");
        }
        assert!(parse(&["--target", "services", "--processors", "0"]).is_err());
        assert!(parse(&["--target", "cloud"]).is_err());
    }

    #[test]
    fn two_processors_share_the_work_unless_told_otherwise() {
        let of = |words: &[&str]| fleet(words).unwrap().unwrap().processors;
        assert_eq!(of(&["--target", "services"]), 2);
        assert_eq!(of(&["--target", "services", "--processors", "5"]), 5);
    }

    #[test]
    fn a_fleet_needs_the_port_of_every_process() {
        let fleet = fleet(&["--target", "services", "--bin-dir", "d"])
            .unwrap()
            .unwrap();
        let names: Vec<String> = fleet.posts().into_iter().map(Post::name).collect();
        let expected = [
            "gateway",
            "processor-1",
            "processor-2",
            "metrics-engine",
            "read-model",
            "web-ui",
        ];
        assert_eq!(names, expected);
        let shape = Shape::Services(fleet);
        assert_eq!(shape.ports(), [3000, 8000, 8011, 8002, 8080, 8081]);
        let words = ["--target", "services", "--processors", "2", "--bin-dir", "d"];
        assert_eq!(shape.arguments(), words);
    }

    #[test]
    fn one_process_is_told_where_its_data_is() {
        let shape = Shape::Embedded("there".into());
        assert_eq!(shape.arguments(), ["--data-dir", "there"]);
        assert_eq!(shape.ports(), [3000, 8080, 8000, 8081]);
    }
}
