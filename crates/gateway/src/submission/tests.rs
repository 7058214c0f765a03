use super::*;
use serde_json::json;

const NOW: &str = "2026-01-02T03:04:05.000006Z";
const ID: &str = "0191d2a0-7c1e-7000-8000-00000000000a";

fn read_value(job: &Value) -> Result<Submission, Vec<Violation>> {
    read(
        job.to_string().as_bytes(),
        || ID.parse().unwrap(),
        NOW.parse().unwrap(),
    )
}

fn published(job: &Value) -> Value {
    serde_json::from_str(read_value(job).unwrap().body.get()).unwrap()
}

#[test]
fn a_type_is_enough() {
    let expected = json!({"id": ID, "type": "echo", "status": "PENDING", "createdAt": NOW});
    assert_eq!(published(&json!({"type": "echo"})), expected);
}

#[test]
fn what_the_client_gave_is_kept_in_canonical_form() {
    let given = json!({
        "id": "0191D2A0-7C1E-7000-8000-00000000000B", "type": "echo", "status": "PENDING",
        "createdAt": "2026-01-02T03:04:05.123456789+05:00", "updatedAt": "2026-01-02t03:04:05z",
        "payload": {"a": [1, 2.5, "x"]}, "metadata": {}, "more": null, "retry": {"maxAttempts": 2.0},
    });
    let expected = json!({
        "id": "0191d2a0-7c1e-7000-8000-00000000000b", "type": "echo", "status": "PENDING",
        "createdAt": "2026-01-01T22:04:05.123456Z", "updatedAt": "2026-01-02T03:04:05Z",
        "payload": {"a": [1, 2.5, "x"]}, "metadata": {}, "more": null, "retry": {"maxAttempts": 2.0},
    });
    assert_eq!(published(&given), expected);
}

#[test]
fn what_is_published_is_a_valid_job() {
    let edge = json!({"type": "a".repeat(128), "createdAt": "9999-12-30T21:59:59Z", "timeoutSeconds": 0.5});
    for job in [json!({"type": "echo"}), edge] {
        contracts::validator().job(&published(&job)).unwrap();
    }
}

#[test]
fn the_summary_names_three_violations_and_counts_the_rest() {
    let violation = |name: &str| Violation {
        path: format!("/{name}"),
        message: "bad".into(),
    };
    let violations: Vec<_> = ["a", "b", "c", "d", "e"].map(violation).into();
    assert_eq!(summary(&violations), "/a: bad; /b: bad; /c: bad; and 2 more");
    assert_eq!(summary(&violations[..1]), "/a: bad");
}
