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

const RELIED_ON: &[&[&str]] = &[
    &["prove", "--jobs", "10", "--kills", "2", "--seed", "3", "--json"],
    &["prove", "--data-dir", "d", "--port-offset", "5", "--keep"],
    &["bench", "--jobs", "10", "--rate", "500", "--json"],
    &["contracts", "check", "--against", "main", "--json"],
    &["prove", "--schedules", "0"],
    &["bench", "list", "--jobs", "0", "--max-p95", "50", "--json"],
    &[
        "submit",
        "echo",
        "--payload",
        "{}",
        "--delay",
        "2s",
        "--priority",
        "high",
        "--tag",
        "a",
        "--tag",
        "b",
    ],
    &[
        "submit",
        "echo",
        "--run-at",
        "2026-12-24T18:00:00Z",
        "--id",
        "0199a3f2-7c1e-7000-8000-0123456789ab",
    ],
    &[
        "submit",
        "echo",
        "--unique-key",
        "k",
        "--max-attempts",
        "3",
        "--timeout",
        "30s",
        "--wait",
        "5s",
    ],
    &["submit", "--batch", "-", "--idempotency-key", "k", "--json"],
    &["jobs"],
    &["jobs", "state:failed", "type:email", "--limit", "5", "--json"],
    &["jobs", "--all", "--port-offset", "7"],
    &["job", "0199a3f2-7c1e-7000-8000-0123456789ab"],
    &["cancel", "0199a3f2-7c1e-7000-8000-0123456789ab", "--json"],
    &["retry", "--query", "state:failed", "--dry-run"],
    &["delete", "--all", "--yes"],
    &["dead-letters"],
    &["dead-letters", "--json"],
    &["dead-letters", "list", "--state", "all", "--limit", "5"],
    &[
        "dead-letters",
        "show",
        "0199a3f2-7c1e-7000-8000-0123456789ab",
        "--json",
    ],
    &[
        "dead-letters",
        "replay",
        "0199a3f2-7c1e-7000-8000-0123456789ab",
        "--edit",
        "f",
    ],
    &["dead-letters", "replay", "--all", "--dry-run"],
    &["dead-letters", "discard", "--all", "--yes"],
    &["schedules"],
    &[
        "schedules",
        "create",
        "n",
        "--cron",
        "* * * * *",
        "--type",
        "echo",
        "--catch-up",
        "all",
        "--json",
    ],
    &["schedules", "run", "n"],
    &[
        "schedules",
        "preview",
        "--cron",
        "@daily",
        "--timezone",
        "Europe/Berlin",
    ],
    &["limits"],
    &["limits", "set", "email", "--concurrency", "5", "--rate", "100/1s"],
    &["limits", "clear", "email"],
    &["pause"],
    &["resume", "email"],
    &["errors", "--limit", "3"],
    &[
        "watch", "--type", "a,b", "--state", "failed", "--limit", "1", "--json",
    ],
    &["watch", "--gateway", "http://a", "--read-model", "http://b"],
];

#[test]
fn commands_take_the_options_that_scripts_rely_on() {
    for words in RELIED_ON {
        assert!(parse(words).is_ok(), "{words:?}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for words in [
        &["submit"][..],
        &["submit", "echo", "--batch", "f"],
        &["submit", "--batch", "f", "--delay", "2s"],
        &[
            "submit",
            "echo",
            "--delay",
            "2s",
            "--run-at",
            "2026-12-24T18:00:00Z",
        ],
        &["submit", "echo", "--delay", "2"],
        &["submit", "echo", "--wait", "31s"],
        &["submit", "echo", "--priority", "urgent"],
        &["jobs", "--limit", "0"],
        &["jobs", "--limit", "5", "--all"],
        &["job", "7"],
        &["cancel"],
        &[
            "cancel",
            "0199a3f2-7c1e-7000-8000-0123456789ab",
            "--query",
            "state:failed",
        ],
        &["cancel", "--query", "state:failed", "--all"],
        &["dead-letters", "replay"],
        &["dead-letters", "replay", "--all", "--edit", "f"],
        &["schedules", "create", "n", "--type", "echo"],
        &[
            "schedules",
            "create",
            "a b",
            "--cron",
            "* * * * *",
            "--type",
            "echo",
        ],
        &["limits", "set", "email"],
        &["limits", "set", "email", "--concurrency", "0"],
        &["limits", "set", "email", "--rate", "100"],
        &["watch", "--state", "gone"],
        &["jobs", "--gateway", "localhost:3000"],
    ] {
        assert!(parse(words).is_err(), "{words:?}");
    }
}

#[test]
fn errors_of_checking_commands_differ_from_their_verdict() {
    let code = |words| parse(words).unwrap().command.unwrap().exit_code_when_unable();
    assert_eq!(code(&["prove"]), 2);
    assert_eq!(code(&["bench"]), 2);
    assert_eq!(code(&["contracts", "check", "--against", "x"]), 2);
    assert_eq!(code(&["jobs"]), 2);
    assert_eq!(code(&["up"]), 1);
}

/// Every command by the words that call it, the program itself first.
fn commands() -> Vec<(String, clap::Command)> {
    let mut program = Cli::command()
        .term_width(100)
        .mut_args(|arg| arg.hide_env_values(true));
    program.build();
    let mut all = vec![(String::new(), program)];
    let mut next = 0;
    while let Some((words, command)) = all.get(next).cloned() {
        next += 1;
        let inner = command
            .get_subcommands()
            .filter(|inner| inner.get_name() != "help");
        all.extend(inner.map(|inner| {
            let words = format!("{words} {}", inner.get_name()).trim().to_owned();
            (
                words,
                inner
                    .clone()
                    .term_width(100)
                    .mut_args(|arg| arg.hide_env_values(true)),
            )
        }));
    }
    all
}

#[test]
fn every_help_text_is_as_it_was_reviewed() {
    for (words, mut command) in commands() {
        let text = command.render_long_help().to_string();
        let name = if words.is_empty() {
            "observatory".to_owned()
        } else {
            words.replace(' ', "-")
        };
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn every_help_text_fits_its_width_and_ends_with_exit_codes() {
    for (words, mut command) in commands() {
        let text = command.render_long_help().to_string();
        let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(longest <= 100, "{longest} in {text}");
        let after = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let broken = after.lines().find(|line| line.chars().count() > 100);
        assert_eq!(broken, None, "a line of a table is broken");
        // The commands of a group say it together.
        if words.split(' ').count() < 2 && words != "contracts" {
            assert!(text.contains("Exit codes:"), "{text}");
            assert!(text.contains("Examples:"), "{text}");
        }
    }
}
