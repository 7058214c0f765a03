//! The commands of a person who works with an observatory that runs: what they print, and how they end.

mod bulk;
mod dead_letters;
mod job;
mod jobs;
mod limits;
mod rebuild;
mod schedules;
mod submit;
mod watch;

use crate::common::{Process, Ran, Shared, Site};

static SHARED: Shared = Shared::new(&[]);

/// Every command, as it is called most simply.
const CALLS: [&[&str]; 12] = [
    &["submit", "echo"],
    &["jobs"],
    &["job", "0199a3f2-7c1e-7000-8000-0123456789ab"],
    &["cancel", "0199a3f2-7c1e-7000-8000-0123456789ab"],
    &["retry", "--query", "state:failed", "--dry-run"],
    &["delete", "--all", "--yes"],
    &["dead-letters"],
    &["schedules"],
    &["limits"],
    &["pause"],
    &["errors"],
    &["watch"],
];

#[tokio::test]
async fn where_nobody_answers_every_command_says_what_to_do() {
    let site = Site::new();
    for call in CALLS {
        let mut command = Process::command(&site.home());
        // Nothing listens on the first port.
        let nobody = "http://localhost:1";
        command
            .args(call)
            .args(["--gateway", nobody, "--read-model", nobody]);
        let ran = Ran::of(command, "").await;
        let words = "error: nothing answers at http://localhost:1: is the observatory running? start it with `observatory up`";
        ran.assert(2, &[words]);
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.lines().count()),
            ("", 1),
            "{call:?}"
        );
    }
}

#[tokio::test]
async fn somebody_else_who_answers_is_told_from_an_observatory() {
    let observatory = SHARED.get().await;
    // The page of the dashboard answers, and not as a read model would.
    let page = format!("http://localhost:{}", observatory.page.port);
    let ran = observatory.command(&["jobs", "--read-model", &page]).await;
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.starts_with("error: "), "{ran:?}");
}
