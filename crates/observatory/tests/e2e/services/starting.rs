//! Starting, and starting again.

use super::fakes::{CRASHES, Fakes, OBEYS, PROGRAMS};
use crate::common::{PATIENCE, Process, Ran, Site, free_offset};

async fn up(site: &Site, arguments: &[&str]) -> Ran {
    let mut command = Process::command(&site.home());
    command.args(["up", "--target", "services"]).args(arguments);
    Ran::of(command, "").await
}

#[tokio::test]
async fn missing_programs_are_named_with_the_command_that_makes_them() {
    let fakes = Fakes::new(OBEYS);
    fakes.remove("observatory-processor");
    fakes.remove("observatory-web-ui");
    let ended = up(&fakes.site, &["--bin-dir", &fakes.bin_dir()]).await;
    ended.assert(
        1,
        &[
            "observatory-processor, observatory-web-ui not found",
            &fakes.bin_dir(),
            "cargo build --release -p observatory-roles",
            "--bin-dir",
        ],
    );
    assert!(fakes.noted("start").is_empty());
}

#[tokio::test]
async fn programs_are_found_in_the_path() {
    let fakes = Fakes::new(OBEYS);
    fakes.refuse("observatory-gateway", "error: found in PATH\n");
    let mut command = Process::command(&fakes.site.home());
    command
        .args([
            "up",
            "--target",
            "services",
            "--port-offset",
            &free_offset().to_string(),
        ])
        .env("PATH", format!("{}:/usr/bin:/bin", fakes.bin_dir()));
    let ended = Ran::of(command, "").await;
    // Where the roles were built as well they are beside this program, and come first.
    let beside =
        std::path::Path::new(env!("CARGO_BIN_EXE_observatory")).with_file_name("observatory-gateway");
    let found = if beside.exists() {
        "bus.url is not set"
    } else {
        "found in PATH"
    };
    ended.assert(1, &[found]);
}

#[tokio::test]
async fn a_wrong_configuration_is_told_once_and_nothing_is_started() {
    let fakes = Fakes::new(OBEYS);
    fakes.refuse(
        "observatory-gateway",
        "error: RABBITMQ_URL: no host\nerror: PORT: no number\n",
    );
    fakes.refuse("observatory-processor", "error: RABBITMQ_URL: no host\n");
    let offset = free_offset().to_string();
    let ended = up(
        &fakes.site,
        &["--bin-dir", &fakes.bin_dir(), "--port-offset", &offset],
    )
    .await;
    ended.assert(1, &["RABBITMQ_URL: no host", "PORT: no number", "check-config"]);
    assert_eq!(ended.stderr.matches("no host").count(), 1, "{ended:?}");
    assert!(fakes.noted("start").is_empty());
}

#[tokio::test]
async fn a_taken_port_is_told_before_anything_is_started() {
    let fakes = Fakes::new(OBEYS);
    let offset = free_offset();
    let _holder = std::net::TcpListener::bind(("127.0.0.1", 8002 + offset)).unwrap();
    let arguments = [
        "--bin-dir",
        &fakes.bin_dir(),
        "--port-offset",
        &offset.to_string(),
    ];
    up(&fakes.site, &arguments).await.assert(
        1,
        &[
            &format!("port {} (metrics engine)", 8002 + offset),
            "--port-offset",
        ],
    );
    assert!(fakes.noted("start").is_empty());
}

#[tokio::test]
async fn a_check_that_was_killed_says_nothing_against_the_configuration() {
    let fakes = Fakes::new(OBEYS);
    fakes.kill_check("observatory-processor");
    let _process = fakes.start(&[], 5).await;
    assert_eq!(fakes.wait_for("start", 5).await.len(), 5);
}

#[tokio::test]
async fn options_of_this_shape_alone_are_refused_in_the_other() {
    let site = Site::new();
    let mut command = Process::command(&site.home());
    command.args(["up", "--processors", "2"]);
    Ran::of(command, "").await.assert(1, &["--target services"]);
}

#[tokio::test]
async fn every_role_is_started_on_a_port_of_its_own_and_told_what_was_given() {
    let fakes = Fakes::new(OBEYS);
    let mut process = fakes.start(&["--processors", "3", "--concurrency", "7"], 7).await;
    let started = fakes.wait_for("start", 7).await;
    for program in PROGRAMS {
        let copies = started
            .iter()
            .filter(|line| line.starts_with(&format!("{program} ")))
            .count();
        assert_eq!(
            copies,
            if program == "observatory-processor" { 3 } else { 1 },
            "{started:?}"
        );
    }
    let mut ports: Vec<&str> = started.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    ports.sort_unstable();
    ports.dedup();
    assert_eq!(ports.len(), 7, "{started:?}");
    assert!(
        fakes.read("told").lines().all(|line| line.ends_with(": 7")),
        "{}",
        fakes.read("told")
    );
    process.signal("TERM");
    assert_eq!(process.exit_code(PATIENCE).await, 0);
}

#[tokio::test]
async fn a_role_that_ends_by_itself_is_started_again_with_growing_pauses() {
    let fakes = Fakes::new(OBEYS);
    fakes.program("observatory-processor", CRASHES);
    let mut process = fakes.start(&[], 7).await;
    let said = process.stderr();
    for pause in ["500ms", "1s"] {
        let expected = format!("processor ended by itself (exit status: 3); starting it again in {pause}");
        assert!(said.contains(&expected), "{said}");
    }
    let started = fakes.noted("start");
    let others = started
        .iter()
        .filter(|line| !line.starts_with("observatory-processor "));
    assert_eq!(others.count(), 4, "the others run on: {started:?}");
    fakes.program("observatory-processor", OBEYS);
    fakes.wait_for("start", started.len() + 1).await;
    process.signal("TERM");
    assert_eq!(process.exit_code(PATIENCE).await, 0);
    assert_eq!(fakes.noted("stop").len(), 5);
}
