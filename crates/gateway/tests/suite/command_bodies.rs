//! The bodies of commands: whatever is not exactly what is known is refused, with what there is.

use axum::body::Body;
use http::Request;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::fuzz::any_json;
use super::support::{App, id};

/// Every command that has a body, with a member that it knows.
fn commands() -> Vec<(&'static str, String, Value)> {
    vec![
        ("POST", "/jobs:cancel".to_owned(), json!({"all": true})),
        ("POST", "/jobs:retry".to_owned(), json!({"all": true})),
        ("POST", "/jobs:delete".to_owned(), json!({"all": true})),
        ("PUT", "/limits/email".to_owned(), json!({"paused": true})),
        ("POST", "/schedules".to_owned(), json!({"cron": "@daily"})),
        ("PUT", "/schedules/nightly".to_owned(), json!({"cron": "@daily"})),
        ("POST", "/schedules:preview".to_owned(), json!({"cron": "@daily"})),
        (
            "POST",
            format!("/dead-letters/{}/replay", id(1)),
            json!({"event": {}}),
        ),
        ("POST", "/dead-letters:replay".to_owned(), json!({"all": true})),
        ("POST", "/dead-letters:discard".to_owned(), json!({"all": true})),
    ]
}

async fn raw(
    app: &App,
    method: &str,
    path: &str,
    content_type: &str,
    body: Vec<u8>,
) -> super::support::Answer {
    let request = Request::builder().method(method).uri(path);
    let request = request
        .header("content-type", content_type)
        .header("content-length", body.len());
    app.send(request.body(Body::from(body)).unwrap()).await
}

fn untouched(app: &App) {
    assert!(app.jobs.desk.calls().is_empty() && app.events.desk.calls().is_empty());
    assert_eq!(app.bus.publications(), 0);
}

#[tokio::test]
async fn unknown_members_are_refused_with_what_there_is() {
    for (method, path, mut body) in commands() {
        let app = App::new();
        let known = body.as_object().unwrap().keys().next().unwrap().clone();
        body["surprise"] = json!(1);
        let problem = app.command(method, &path, &body).await.problem(400);
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.starts_with("`surprise` is no member here; there are: "),
            "{path}: {detail}"
        );
        assert!(detail.contains(&known), "{path}: {detail}");
        untouched(&app);
    }
}

#[tokio::test]
async fn what_is_no_object_is_refused() {
    for (method, path, _) in commands() {
        let app = App::new();
        for body in [json!([]), json!("all"), json!(null), json!(7)] {
            let problem = app.command(method, &path, &body).await.problem(400);
            assert_eq!(problem["detail"], "must be an object", "{path} {body}");
        }
        untouched(&app);
    }
}

#[tokio::test]
async fn what_is_no_strict_json_is_refused_with_the_place() {
    for (method, path, _) in commands() {
        let app = App::new();
        for body in [
            &b"{"[..],
            b"{\"all\":true}}",
            b"{\"all\":true,\"all\":true}",
            b"\xff\xfe",
            b"{\"q\":\"\\u0000\"}",
        ] {
            let answer = raw(&app, method, &path, "application/json", body.to_vec()).await;
            let problem = answer.problem(400);
            assert_eq!(problem["title"], "Invalid request body", "{path}");
        }
        untouched(&app);
    }
}

#[tokio::test]
async fn other_formats_are_refused() {
    for (method, path, body) in commands() {
        let app = App::new();
        for content_type in ["text/plain", "application/x-ndjson", ""] {
            raw(&app, method, &path, content_type, body.to_string().into_bytes())
                .await
                .problem(415);
        }
        untouched(&app);
    }
}

#[tokio::test]
async fn bodies_that_are_too_large_are_refused() {
    for (method, path, _) in commands() {
        let app = App::new();
        let body = format!("{{\"q\":\"{}\"}}", "x".repeat(2 * 1024 * 1024));
        raw(&app, method, &path, "application/json", body.into_bytes())
            .await
            .problem(413);
        untouched(&app);
    }
}

#[tokio::test]
async fn deep_nesting_is_refused_without_a_crash() {
    for (method, path, _) in commands() {
        let app = App::new();
        let body = format!("{{\"q\":{}", "[".repeat(3_000));
        raw(&app, method, &path, "application/json", body.into_bytes())
            .await
            .problem(400);
        untouched(&app);
    }
}

#[tokio::test]
async fn a_body_that_must_be_there_is_asked_for() {
    for (method, path, _) in commands() {
        if path.ends_with("/replay") && path.contains(&id(1).to_string()) {
            continue;
        }
        let app = App::new();
        let problem = app.call(method, &path).await.problem(400);
        assert!(
            problem["detail"].as_str().unwrap().contains("is missing"),
            "{path}: {problem}"
        );
        untouched(&app);
    }
}

#[tokio::test]
async fn query_parameters_that_do_not_exist_are_refused() {
    for (method, path, body) in commands() {
        let app = App::new();
        let problem = app
            .command(method, &format!("{path}?dryRun=true"), &body)
            .await
            .problem(400);
        assert_eq!(problem["details"][0]["path"], "dryRun", "{path}");
        untouched(&app);
    }
}

#[tokio::test]
async fn members_of_the_wrong_type_are_named() {
    for (method, path, body, place) in [
        ("POST", "/jobs:cancel", json!({"q": 1}), "/q"),
        ("POST", "/jobs:cancel", json!({"q": null}), "/q"),
        ("POST", "/jobs:cancel", json!({"all": "yes"}), "/all"),
        (
            "POST",
            "/jobs:cancel",
            json!({"all": true, "dryRun": 1}),
            "/dryRun",
        ),
        ("PUT", "/limits/email", json!({"paused": "yes"}), "/paused"),
        ("PUT", "/limits/email", json!({"concurrency": 0}), "/concurrency"),
        (
            "PUT",
            "/limits/email",
            json!({"concurrency": "5"}),
            "/concurrency",
        ),
        (
            "PUT",
            "/limits/email",
            json!({"rate": {"limit": 0, "per": "1s"}}),
            "/rate",
        ),
        (
            "PUT",
            "/limits/email",
            json!({"rate": {"limit": 1, "per": "1s", "burst": 2}}),
            "/rate",
        ),
        ("PUT", "/limits/email", json!({"rate": "100/s"}), "/rate"),
        (
            "POST",
            "/schedules:preview",
            json!({"cron": "@daily", "count": 0}),
            "/count",
        ),
        (
            "POST",
            "/schedules:preview",
            json!({"cron": "@daily", "count": 101}),
            "/count",
        ),
        (
            "POST",
            "/schedules:preview",
            json!({"cron": "@daily", "timezone": 1}),
            "/timezone",
        ),
        ("POST", "/dead-letters:replay", json!({"ids": "x"}), "/ids"),
        ("POST", "/dead-letters:replay", json!({"ids": []}), "/ids"),
        (
            "POST",
            "/dead-letters:replay",
            json!({"ids": [id(1), 7]}),
            "/ids/1",
        ),
        ("POST", "/dead-letters:replay", json!({"ids": ["x"]}), "/ids/0"),
        ("POST", "/dead-letters:discard", json!({}), "/ids"),
        (
            "POST",
            "/dead-letters:discard",
            json!({"ids": [id(1)], "all": true}),
            "/ids",
        ),
    ] {
        let app = App::new();
        let problem = app.command(method, path, &body).await.problem(400);
        assert_eq!(problem["details"][0]["path"], place, "{path} {body}: {problem}");
        assert_eq!(problem["title"], "Invalid request body");
        untouched(&app);
    }
}

#[tokio::test]
async fn more_ids_than_one_command_takes_are_refused() {
    let app = App::new();
    let ids: Vec<_> = (0..10_001).map(id).collect();
    for path in ["/dead-letters:replay", "/dead-letters:discard"] {
        let problem = app.command("POST", path, &json!({"ids": ids})).await.problem(400);
        assert_eq!(problem["detail"], "/ids: must have 1 to 10000 ids");
    }
    untouched(&app);
}

/// A member of any command, or of none.
fn any_member() -> impl Strategy<Value = String> {
    let known = [
        "q",
        "all",
        "dryRun",
        "paused",
        "concurrency",
        "rate",
        "name",
        "cron",
        "timezone",
        "catchUp",
        "job",
        "count",
        "event",
        "ids",
    ];
    prop_oneof![8 => prop::sample::select(known.to_vec()).prop_map(str::to_owned), 1 => ".{0,6}"]
}

fn answers_of_the_client(body: &Value) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let app = App::new();
        for (method, path, _) in commands() {
            let answer = app.command(method, &path, body).await;
            let status = answer.status;
            prop_assert!(
                status.is_success() || status.is_client_error(),
                "{path}: {}",
                answer.text()
            );
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_body_is_more_than_the_mistake_of_its_client(members in prop::collection::hash_map(any_member(), any_json(), 0..3)) {
        answers_of_the_client(&members.into_iter().collect())?;
    }
}
