//! `observatory schedules`.

use super::SHARED;

#[tokio::test]
async fn a_schedule_is_made_listed_shown_changed_and_deleted() {
    let observatory = SHARED.get().await;
    let name = format!("nightly-{}", uuid::Uuid::new_v4());
    let cron = ["--cron", "0 3 * * *", "--timezone", "Europe/Berlin"];
    let create = [
        &[
            "schedules",
            "create",
            &name,
            "--type",
            "echo",
            "--payload",
            r#"{"n":1}"#,
        ][..],
        &cron,
    ]
    .concat();
    observatory
        .command(&create)
        .await
        .assert(0, &[&name, "0 3 * * * (Europe/Berlin)", "next", r#"{"n":1}"#]);
    observatory
        .command(&create)
        .await
        .assert(1, &["--replace replaces it"]);
    let replace = [&create[..], &["--replace", "--paused"]].concat();
    observatory.command(&replace).await.assert(0, &["paused"]);
    observatory
        .command(&["schedules"])
        .await
        .assert(0, &["NAME", &name, "paused"]);

    observatory
        .command(&["schedules", "resume", &name])
        .await
        .assert(0, &["is resumed"]);
    let ran = observatory.command(&["schedules", "run", &name]).await;
    ran.assert(0, &[]);
    assert_eq!(
        observatory.wait_for_end(ran.stdout.trim()).await["status"],
        "COMPLETED"
    );
    observatory
        .command(&["jobs", &format!("schedule:{name}")])
        .await
        .assert(0, &[ran.stdout.trim()]);
    observatory
        .command(&["schedules", "pause", &name])
        .await
        .assert(0, &["is paused"]);
    let shown = observatory.command(&["schedules", "show", &name, "--json"]).await;
    assert_eq!(shown.json_lines()[0]["paused"], true);
    observatory
        .command(&["schedules", "delete", &name])
        .await
        .assert(0, &["is deleted"]);
    for verb in ["show", "delete", "pause", "resume", "run"] {
        let ran = observatory.command(&["schedules", verb, &name]).await;
        ran.assert(1, &["there is no schedule"]);
    }
}

#[tokio::test]
async fn a_rule_is_tried_before_it_is_used() {
    let observatory = SHARED.get().await;
    let preview = [
        "schedules",
        "preview",
        "--cron",
        "0 9 * * mon",
        "--timezone",
        "UTC",
        "--count",
        "2",
    ];
    let ran = observatory.command(&preview).await;
    ran.assert(0, &["T09:00:00.000Z  in "]);
    assert_eq!(ran.stdout.lines().count(), 2);
    let bad = observatory
        .command(&["schedules", "preview", "--cron", "61 * * * *"])
        .await;
    bad.assert(2, &["error: the minute of the cron expression"]);
    let zone = [
        "schedules",
        "preview",
        "--cron",
        "@daily",
        "--timezone",
        "Europe/Berlln",
    ];
    observatory
        .command(&zone)
        .await
        .assert(2, &["unknown time zone `Europe/Berlln`"]);
}
