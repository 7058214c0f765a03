//! The layer of the command line.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::builder::PathBufValueParser;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::layers::FILE_VARIABLE;
use super::{Given, Preset, Setting};

/// The identifiers of arguments that are no settings.
const FILE: &str = "config";
const CHECK: &str = "check-config";
const QUIET: &str = "quiet";
const UNTIL_END_OF_INPUT: &str = "until-end-of-input";

/// What the command line says.
#[derive(Clone, Debug, Default)]
pub struct CommandLine {
    /// The settings that it sets, by path.
    pub options: BTreeMap<&'static str, Given>,
    /// The file that it names.
    pub file: Option<PathBuf>,
    /// Whether only the configuration is to be checked.
    pub check: bool,
    /// Whether only errors are to be printed.
    pub quiet: bool,
    /// Whether the end of the standard input is a wish to stop: it ends with whoever supervises us, however that ends.
    pub until_end_of_input: bool,
}

impl CommandLine {
    /// What was matched against [`command`].
    pub fn of(matches: &ArgMatches, settings: &[&'static dyn Setting]) -> Self {
        // Options may stand on either side of the command; the inner matches have those of both.
        let (check, matches) = match matches.subcommand() {
            Some((CHECK, inner)) => (true, inner),
            _ => (false, matches),
        };
        let options = settings
            .iter()
            .filter_map(|setting| Some((setting.about().path, given(matches, *setting)?)));
        Self {
            options: options.collect(),
            file: matches.get_one(FILE).cloned(),
            check,
            quiet: check && matches.get_flag(QUIET),
            until_end_of_input: matches.get_flag(UNTIL_END_OF_INPUT),
        }
    }
}

fn given(matches: &ArgMatches, setting: &dyn Setting) -> Option<Given> {
    let path = setting.about().path;
    if matches.value_source(path) != Some(ValueSource::CommandLine) {
        return None;
    }
    let mut texts = matches.get_many::<String>(path)?.cloned();
    if setting.is_list() {
        let all: Vec<String> = texts.collect();
        return Some(Given::Text(all.join(",")));
    }
    texts.next().map(Given::Text)
}

/// The command line of a role.
pub fn command(program: &'static str, about: &'static str, settings: &[&'static dyn Setting]) -> Command {
    let check = Command::new(CHECK)
        .about("Check everything that can be checked without connecting, and print what is in force")
        .after_help("Exit codes:\n  0  in order\n  2  not; every error is told")
        .arg(flag(QUIET, "Print nothing but errors").short('q'));
    Command::new(program)
        .version(service::VERSION)
        .about(about)
        .after_help(EXIT_CODES)
        .max_term_width(100)
        .arg(file())
        .arg(flag(UNTIL_END_OF_INPUT, "Stop when the standard input ends").global(true))
        .args(settings.iter().map(|setting| option(*setting)))
        .subcommand(check)
}

const EXIT_CODES: &str = "\
The first SIGTERM or Ctrl-C stops it cleanly, a second one at once.

Exit codes:
  0  stopped as asked
  1  could not start or go on
  2  the command line or the configuration is wrong";

fn file() -> Arg {
    let help = format!("The file of settings (TOML) [env: {FILE_VARIABLE}]");
    Arg::new(FILE)
        .long(FILE)
        .value_name("FILE")
        .help(help)
        .value_parser(PathBufValueParser::new())
        .global(true)
}

fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue)
}

fn option(setting: &dyn Setting) -> Arg {
    let about = setting.about();
    let default = match about.preset {
        Preset::Value("") | Preset::Nothing => String::new(),
        Preset::Value(text) => format!(" [default: {text}]"),
        Preset::Required(example) => format!(" [required, e.g. {example}]"),
    };
    let help = format!("{} [env: {}]{default}", about.meaning, about.variables.join(", "));
    let arg = Arg::new(about.path)
        .long(about.option)
        .value_name(setting.placeholder())
        .help(help)
        .help_heading(about.table_and_name().0)
        .global(true);
    if setting.is_list() {
        return arg.action(ArgAction::Append);
    }
    if setting.is_switch() {
        return arg
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true");
    }
    arg
}
