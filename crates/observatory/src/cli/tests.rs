use super::*;
use clap::CommandFactory;

fn parse(words: &[&str]) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("observatory").chain(words.iter().copied()))
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn no_command_is_up_with_its_options() {
    let cli = parse(&["--port-offset", "7"]).unwrap();
    assert!(cli.command.is_none());
    assert!(parse(&[]).unwrap().command.is_none());
    assert!(matches!(
        parse(&["up", "--port-offset", "7"]).unwrap().command,
        Some(Command::Up(_))
    ));
}

#[test]
fn commands_take_the_options_that_scripts_rely_on() {
    for words in [
        &["prove", "--jobs", "10", "--kills", "2", "--seed", "3", "--json"][..],
        &["prove", "--data-dir", "d", "--port-offset", "5", "--keep"],
        &["bench", "--jobs", "10", "--rate", "500", "--json"],
        &["contracts", "check", "--against", "main", "--json"],
    ] {
        assert!(parse(words).is_ok(), "{words:?}");
    }
}

#[test]
fn errors_of_checking_commands_differ_from_their_verdict() {
    let code = |words| parse(words).unwrap().command.unwrap().exit_code_when_unable();
    assert_eq!(code(&["prove"]), 2);
    assert_eq!(code(&["bench"]), 2);
    assert_eq!(code(&["contracts", "check", "--against", "x"]), 2);
    assert_eq!(code(&["up"]), 1);
}

#[test]
fn every_help_text_fits_its_width_and_ends_with_exit_codes() {
    for words in [
        &["--help"][..],
        &["up", "--help"],
        &["prove", "--help"],
        &["bench", "--help"],
    ] {
        let text = parse(words).unwrap_err().to_string();
        assert!(text.contains("Exit codes:"), "{text}");
        assert!(text.contains("Examples:"), "{text}");
        let longest = text.lines().map(str::len).max().unwrap();
        assert!(longest <= 100, "{longest} in {text}");
    }
}
