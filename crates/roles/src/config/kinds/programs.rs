//! Programs that jobs may run.

use processor::handlers::{Builtin, Program};

use crate::config::{Effective, Given, Kind};

/// Programs under names, `NAME=PATH`. They have to be there.
#[derive(Clone, Copy, Debug)]
pub struct Programs;

impl Kind for Programs {
    type Value = Vec<Program>;

    const PLACEHOLDER: &'static str = "NAME=PATH";
    const IS_LIST: bool = true;

    fn read(&self, given: &Given) -> Result<Vec<Program>, String> {
        let programs = given.list()?.into_iter().map(str::parse::<Program>);
        let programs: Vec<Program> = programs
            .collect::<Result<_, _>>()
            .map_err(|error| error.to_string())?;
        let allowed = Builtin {
            programs: programs.clone(),
            ..Builtin::default()
        };
        allowed.registry().map_err(|error| error.to_string())?;
        Ok(programs)
    }

    fn show(&self, value: &Vec<Program>) -> Effective {
        Effective::List(value.iter().map(Program::to_string).collect())
    }

    fn allowed(&self) -> String {
        "list of NAME=PATH, each path absolute".to_owned()
    }
}
