//! `--help` and `--version`.

use super::run;

async fn help(arguments: &[&str]) -> String {
    let ended = run(arguments).await;
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(ended.stderr.is_empty(), "help goes to stdout: {}", ended.stderr);
    ended.stdout
}

/// Where a line is broken is nobody's business.
fn assert_says(text: &str, words: &[&str]) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(text.contains(word), "`{word}` is not in: {text}");
    }
}

#[tokio::test]
async fn the_program_says_what_it_is_and_what_it_can_do() {
    let text = help(&["--help"]).await;
    assert_says(
        &text,
        &["Usage:", "up", "prove", "bench", "contracts", "--version"],
    );
    assert_says(&text, &["Examples:", "Exit codes:", "http://localhost:3000/jobs"]);
    let short = help(&["-h"]).await;
    assert_says(&short, &["Usage:", "up", "prove", "bench", "contracts"]);
    let version = help(&["--version"]).await;
    assert_eq!(
        version.trim(),
        format!("observatory {}", env!("CARGO_PKG_VERSION"))
    );
}

#[tokio::test]
async fn up_names_every_option_with_its_default_and_its_variable() {
    let text = help(&["up", "--help"]).await;
    for (option, default) in [
        ("--data-dir", "task-observatory"),
        ("--port-offset", "[default: 0]"),
        ("--bind", "[default: 127.0.0.1]"),
        ("--concurrency", "[default: 1024]"),
        ("--retention", "[default: 7d]"),
        ("--drain", "[default: 5s]"),
        ("--allow-exec", "NAME=PATH"),
        ("--allow-private-addresses", "loopback"),
    ] {
        assert_says(&text, &[option, default]);
    }
    for variable in [
        "DATA_DIR",
        "PORT_OFFSET",
        "BIND",
        "CONCURRENCY",
        "RETENTION",
        "DRAIN",
    ] {
        assert_says(&text, &[&format!("OBSERVATORY_{variable}")]);
    }
    assert_says(&text, &["3000", "8080", "8081", "8000", "Ctrl-C", "Exit codes:"]);
}

#[tokio::test]
async fn the_commands_that_scripts_use_name_what_scripts_rely_on() {
    let prove = help(&["prove", "--help"]).await;
    assert_says(
        &prove,
        &["--jobs", "--kills", "--seed", "--json", "SIGKILL", "Exit codes:"],
    );
    assert_says(
        &prove,
        &[
            "accepted",
            "terminal",
            "lost",
            "duplicated",
            "unexpected",
            "recovery_ms",
        ],
    );
    let bench = help(&["bench", "--help"]).await;
    assert_says(&bench, &["--jobs", "--rate", "--json", "Exit codes:"]);
    assert_says(
        &bench,
        &["jobs_per_second", "accept_ms", "start_ms", "complete_ms"],
    );
    let check = help(&["contracts", "check", "--help"]).await;
    assert_says(
        &check,
        &["--against", "--json", "patch", "minor", "major", "Exit codes:"],
    );
    assert_says(&help(&["contracts", "--help"]).await, &["check"]);
}
