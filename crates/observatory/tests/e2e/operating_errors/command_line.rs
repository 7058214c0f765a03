//! Command lines that mean nothing.

use testkit::wait_for;

use super::run;
use crate::common::{Api, PATIENCE, PORTS, Process, Site, free_offset};

#[tokio::test]
async fn unknown_words_are_named_with_what_was_probably_meant() {
    run(&["up", "--port-ofset", "5"])
        .await
        .assert_failed(2, &["--port-ofset", "--port-offset"]);
    run(&["--no-such-option"])
        .await
        .assert_failed(2, &["--no-such-option", "--help"]);
    run(&["upp"]).await.assert_failed(2, &["upp", "up"]);
    run(&["prove", "--kill", "3"])
        .await
        .assert_failed(2, &["--kills"]);
    run(&["contracts", "chek"]).await.assert_failed(2, &["check"]);
}

#[tokio::test]
async fn values_that_do_not_read_are_named_with_what_is_expected() {
    for (option, value, expected) in [
        ("--retention", "7w", "7d"),
        ("--retention", "forever", "numbers with units"),
        ("--retention", "", "--retention"),
        ("--data-dir", "", "--data-dir"),
        ("--drain", "5", "write e.g. 5s"),
        ("--drain", "-5s", "-5"),
        ("--concurrency", "0", "1.."),
        ("--concurrency", "many", "--concurrency"),
        ("--allow-exec", "/bin/echo", "NAME=PATH"),
        ("--allow-exec", "=/bin/echo", "NAME=PATH"),
    ] {
        run(&["up", option, value]).await.assert_failed(2, &[expected]);
    }
}

#[tokio::test]
async fn programs_that_cannot_be_allowed_are_named_before_anything_starts() {
    let offset = free_offset().to_string();
    let base = ["up", "--port-offset", &offset];
    for (value, expected) in [
        ("say=/no/such/program", "/no/such/program"),
        ("say=echo", "absolute"),
        ("say=/bin", "/bin"),
    ] {
        let arguments = [&base[..], &["--allow-exec", value]].concat();
        run(&arguments)
            .await
            .assert_failed(1, &["--allow-exec", expected]);
    }
    let twice = ["--allow-exec", "say=/bin/echo", "--allow-exec", "say=/bin/cat"];
    run(&[&base[..], &twice].concat())
        .await
        .assert_failed(1, &["say", "twice"]);
}

#[tokio::test]
async fn options_of_up_before_another_command_are_refused() {
    run(&["--port-offset", "5", "prove"])
        .await
        .assert_failed(2, &["prove"]);
}

#[tokio::test]
async fn commands_that_judge_tell_being_unable_from_their_verdict() {
    let site = Site::new();
    let nothing = site.home();
    let ended = run(&["contracts", "check", "--against", nothing.to_str().unwrap()]).await;
    ended.assert_failed(2, &[nothing.to_str().unwrap()]);
    run(&["contracts", "check"])
        .await
        .assert_failed(2, &["--against"]);
}

/// `observatory | head -1`: whoever read the banner has gone, the work goes on.
#[tokio::test]
async fn a_reader_that_goes_away_does_not_end_the_observatory() {
    let site = Site::new();
    let offset = free_offset();
    let mut command = Process::command(&site.home());
    command.args(["up", "--port-offset", &offset.to_string()]);
    let mut process = Process::spawn_unheard(&mut command, &site.home());
    let gateway = Api {
        port: PORTS[0] + offset,
    };
    wait_for(PATIENCE, "an answer", || gateway.try_get("/readyz")).await;
    // The banner comes as soon as all answer, so well before the last of these.
    for _ in 0..200 {
        let answer = gateway.try_get("/readyz").await;
        assert!(
            answer.is_ok_and(|answer| answer.status == 200),
            "{}",
            process.stderr()
        );
    }
    assert!(process.is_running());
}
