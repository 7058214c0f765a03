//! Jobs that are made when the clock says so.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::wait_for;

use super::SHARED;
use crate::common::{Observatory, PATIENCE, Site, json_request, moment, text};

fn name() -> String {
    format!("tick-{}", uuid::Uuid::new_v4())
}

fn every_second(name: &str) -> Value {
    let job = json!({"type": "echo", "payload": {"by": "the clock"}});
    json!({"name": name, "cron": "* * * * * *", "catchUp": "all", "job": job})
}

/// The jobs of a schedule once there are so many.
async fn fired(observatory: &Observatory, name: &str, least: usize) -> Vec<Value> {
    wait_for(PATIENCE, &format!("{least} firings"), || async move {
        let jobs = observatory.find(&format!("schedule:{name}")).await;
        if jobs.len() >= least {
            Ok(jobs)
        } else {
            Err(format!("{}", jobs.len()))
        }
    })
    .await
}

async fn seconds(observatory: &Observatory, jobs: &[Value]) -> BTreeSet<i64> {
    let mut seconds = BTreeSet::new();
    for job in jobs {
        let done = observatory.wait_for_status(text(&job["id"]), "COMPLETED").await;
        seconds.insert(moment(&done["createdAt"]).as_second());
    }
    seconds
}

#[tokio::test]
async fn a_schedule_fires_every_second_until_it_is_paused() {
    let observatory = SHARED.get().await;
    let name = name();
    let made = observatory.gateway.post("/schedules", &every_second(&name)).await;
    assert_eq!(made.status, 201, "{:?}", made.body);
    assert_eq!(made.json()["next"].as_array().unwrap().len(), 5);
    let jobs = fired(&observatory, &name, 3).await;
    let done = observatory
        .wait_for_status(text(&jobs[0]["id"]), "COMPLETED")
        .await;
    assert_eq!(
        (&done["schedule"], &done["result"]["by"]),
        (&json!(name), &json!("the clock"))
    );

    let paused = observatory
        .gateway
        .ask("POST", &format!("/schedules/{name}/pause"))
        .await;
    assert_eq!((paused.status, &paused.json()["paused"]), (200, &json!(true)));
    let all = observatory.find(&format!("schedule:{name}")).await;
    assert_eq!(seconds(&observatory, &all).await.len(), all.len(), "one a second");
    let shown = observatory
        .read_model
        .get(&format!("/schedules/{name}"))
        .await
        .json();
    assert_eq!(
        (&shown["next"], &shown["nextAt"]),
        (&json!([]), &Value::Null),
        "{shown}"
    );
}

/// A second that passes while the process is dead is made up for, and none is done twice.
#[tokio::test]
async fn firings_are_neither_missed_nor_doubled_when_the_process_is_killed() {
    let site = Site::new();
    let name = name();
    let mut observatory = site.start(&[]).await;
    assert_eq!(
        observatory
            .gateway
            .post("/schedules", &every_second(&name))
            .await
            .status,
        201
    );
    for least in [2, 4, 6] {
        fired(&observatory, &name, least).await;
        observatory.process.kill();
        drop(observatory);
        observatory = site.start(&[]).await;
    }
    let deleted = fired(&observatory, &name, 8).await;
    assert!(deleted.len() >= 8);
    let answer = observatory
        .gateway
        .ask("DELETE", &format!("/schedules/{name}"))
        .await;
    assert_eq!(answer.status, 204, "{:?}", answer.body);
    let jobs = observatory.find(&format!("schedule:{name}")).await;
    let seconds = seconds(&observatory, &jobs).await;
    assert_eq!(seconds.len(), jobs.len(), "none is doubled");
    let (first, last) = (seconds.first().unwrap(), seconds.last().unwrap());
    assert_eq!(
        seconds.len(),
        usize::try_from(last - first).unwrap() + 1,
        "none is missed: {seconds:?}"
    );
}

#[tokio::test]
async fn a_schedule_can_be_run_now_replaced_resumed_and_its_name_is_its_own() {
    let observatory = SHARED.get().await;
    let name = name();
    let mut yearly = every_second(&name);
    yearly["cron"] = json!("@yearly");
    yearly["paused"] = json!(true);
    assert_eq!(observatory.gateway.post("/schedules", &yearly).await.status, 201);
    assert_eq!(observatory.gateway.post("/schedules", &yearly).await.status, 409);
    let run = observatory
        .gateway
        .ask("POST", &format!("/schedules/{name}/run"))
        .await;
    assert_eq!(run.status, 202, "{:?}", run.body);
    let job = observatory.wait_for_end(text(&run.json()["jobId"])).await;
    assert_eq!(
        (&job["status"], &job["schedule"]),
        (&json!("COMPLETED"), &json!(name))
    );

    let mut request = json_request(&format!("/schedules/{name}"), every_second(&name).to_string());
    *request.method_mut() = http::Method::PUT;
    let replaced = observatory.gateway.send(request).await.unwrap();
    assert_eq!(
        (replaced.status, &replaced.json()["paused"]),
        (200, &json!(false)),
        "{:?}",
        replaced.body
    );
    fired(&observatory, &name, 2).await;
    observatory
        .gateway
        .ask("DELETE", &format!("/schedules/{name}"))
        .await;
    assert_eq!(
        observatory
            .read_model
            .get(&format!("/schedules/{name}"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_preview_says_when_a_rule_fires_where_it_is_read() {
    let observatory = SHARED.get().await;
    let rule = json!({"cron": "0 9 * * mon-fri", "timezone": "Asia/Kathmandu", "count": 3});
    let next = observatory.gateway.post("/schedules:preview", &rule).await.json()["next"].clone();
    let next = next.as_array().unwrap();
    assert_eq!(next.len(), 3);
    // Nine o'clock there is a quarter past three here.
    assert!(next.iter().all(|at| text(at).ends_with("T03:15:00Z")), "{next:?}");
    let gap = moment(&next[1]).duration_since(moment(&next[0]));
    assert!(gap >= jiff::SignedDuration::try_from(Duration::from_hours(24)).unwrap());
}

#[tokio::test]
async fn a_schedule_that_makes_no_sense_is_refused_with_its_place() {
    let observatory = SHARED.get().await;
    let name = name();
    for (member, value, place) in [
        ("cron", json!("61 * * * *"), "/cron"),
        ("timezone", json!("Europe/Berlln"), "/timezone"),
        ("job", json!({"type": "echo", "delay": "2s"}), "/job/delay"),
        ("job", json!({"payload": {}}), "/job"),
        ("name", json!("a b"), "/name"),
    ] {
        let mut schedule = every_second(&name);
        schedule[member] = value;
        let answer = observatory.gateway.post("/schedules", &schedule).await;
        assert_eq!(answer.status, 400, "{schedule}");
        let details = answer.json()["details"].clone();
        assert_eq!(details[0]["path"], place, "{schedule}: {details}");
    }
}
