//! The workspace's contract fixtures, sent through the front door.

use std::path::{Path, PathBuf};

use contracts::validator;
use serde_json::Value;

use super::{SHARED, words};
use crate::common::{json_request, text};

/// Fixtures of the full job contract that the door completes instead of refusing them.
const COMPLETED_AT_THE_DOOR: [&str; 3] = [
    "job__missing-id",
    "job__missing-status",
    "job__missing-created-at",
];

fn fixtures(kind: &str, contract: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/contracts")
        .join(kind);
    let paths = directory.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let prefix = format!("{contract}__");
    let mut found: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter(|path| name(path).starts_with(&prefix))
        .collect();
    assert!(found.len() > 5, "{kind} {contract}: {found:?}");
    found.sort();
    found
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

#[tokio::test]
async fn every_golden_submission_is_accepted() {
    let observatory = SHARED.get().await;
    for path in fixtures("golden", "job-submission") {
        let body = std::fs::read(&path).unwrap();
        let answer = observatory
            .gateway
            .send(json_request("/jobs", body.clone()))
            .await
            .unwrap();
        assert_eq!(answer.status, 202, "{}: {:?}", name(&path), answer.body);
        let checked = validator().job_accepted(&answer.json());
        checked.unwrap_or_else(|violations| panic!("{}: {}", name(&path), words(&violations)));
        let told = answer.json();
        let id = text(&told["jobId"]);
        let job: Value = serde_json::from_slice(&body).unwrap();
        let later = ["delay", "runAt"].iter().any(|name| job.get(name).is_some());
        if later {
            // How much later is the fixture's business.
            observatory.wait_for_jobs(&format!("id:{id}"), 1).await;
        } else {
            observatory.wait_for_end(id).await;
        }
    }
}

/// The published job contract says nothing about the type but that it is text; ours must be a name.
#[tokio::test]
async fn every_golden_job_that_is_pending_and_has_a_name_for_a_type_is_accepted() {
    let observatory = SHARED.get().await;
    let mut accepted = 0;
    for path in fixtures("golden", "job") {
        let body = std::fs::read(&path).unwrap();
        let job: Value = serde_json::from_slice(&body).unwrap();
        let named = ["job__empty-type", "job__free-type"].contains(&&*name(&path));
        let expected = if job["status"] == "PENDING" && !named {
            202
        } else {
            400
        };
        let answer = observatory
            .gateway
            .send(json_request("/jobs", body))
            .await
            .unwrap();
        assert_eq!(answer.status, expected, "{}: {:?}", name(&path), answer.body);
        accepted += usize::from(answer.status == 202);
    }
    assert!(accepted >= 5, "only {accepted}");
}

#[tokio::test]
async fn every_negative_submission_is_refused_for_its_reason() {
    let observatory = SHARED.get().await;
    for path in fixtures("negative", "job-submission") {
        let answer = refused(&path).await;
        let reason = std::fs::read_to_string(path.with_extension("reason")).unwrap();
        let told: Vec<_> = answer["details"]
            .as_array()
            .unwrap()
            .iter()
            .map(in_words)
            .collect();
        let told = told.join("; ");
        assert!(told.contains(reason.trim()), "{}: {told}", name(&path));
    }
    observatory.echoes("every negative submission").await;
}

#[tokio::test]
async fn every_negative_job_is_refused_unless_the_door_completes_it() {
    let observatory = SHARED.get().await;
    for path in fixtures("negative", "job") {
        if !COMPLETED_AT_THE_DOOR.contains(&&*name(&path)) {
            refused(&path).await;
        }
    }
    observatory.echoes("every negative job").await;
}

async fn refused(path: &Path) -> Value {
    let observatory = SHARED.get().await;
    let body = std::fs::read(path).unwrap();
    let answer = observatory
        .gateway
        .send(json_request("/jobs", body))
        .await
        .unwrap();
    assert_eq!(answer.status, 400, "{}: {:?}", name(path), answer.body);
    let problem = answer.json();
    assert_eq!(problem["error"], "Invalid job data", "{}", name(path));
    assert!(
        !problem["details"].as_array().unwrap().is_empty(),
        "{}",
        name(path)
    );
    problem
}

fn in_words(detail: &Value) -> String {
    match text(&detail["path"]) {
        "" => text(&detail["message"]).to_owned(),
        path => format!("{path}: {}", text(&detail["message"])),
    }
}
