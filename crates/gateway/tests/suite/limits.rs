//! What holds jobs of a type back.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::stubs::{StoreMood, away};
use super::support::App;

fn both() -> Value {
    json!({"paused": false, "concurrency": 5, "rate": {"limit": 100, "per": "1s"}})
}

fn open() -> Value {
    json!({"paused": false, "concurrency": null, "rate": null})
}

async fn good(app: &App, method: &str, path: &str) -> Value {
    let answer = app.call(method, path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn limits_are_set_read_and_taken_away() {
    let app = App::new();
    assert_eq!(
        good(&app, "GET", "/limits").await,
        json!({"paused": false, "types": {}})
    );
    assert_eq!(good(&app, "GET", "/limits/email").await, open());

    let given = json!({"concurrency": 5, "rate": {"limit": 100, "per": "1s"}});
    let set = app.command("PUT", "/limits/email", &given).await;
    assert_eq!((set.status.as_u16(), set.json()), (200, both()));
    assert_eq!(good(&app, "GET", "/limits/email").await, both());
    assert_eq!(
        good(&app, "GET", "/limits").await["types"],
        json!({"email": both()})
    );

    assert_eq!(good(&app, "DELETE", "/limits/email").await, open());
    assert_eq!(good(&app, "GET", "/limits").await["types"], json!({}));
}

#[tokio::test]
async fn what_was_read_can_be_put_back() {
    let app = App::new();
    for limits in [both(), open()] {
        assert_eq!(
            app.command("PUT", "/limits/a.b:c-d_e", &limits).await.json(),
            limits
        );
        assert_eq!(good(&app, "GET", "/limits/a.b:c-d_e").await, limits);
    }
}

#[tokio::test]
async fn a_type_is_paused_and_resumed_and_keeps_its_other_limits() {
    let app = App::new();
    app.command("PUT", "/limits/email", &both()).await;
    let mut paused = both();
    paused["paused"] = json!(true);
    assert_eq!(good(&app, "POST", "/limits/email/pause").await, paused);
    assert_eq!(good(&app, "POST", "/limits/email/pause").await, paused);
    assert_eq!(good(&app, "POST", "/limits/email/resume").await, both());
    assert_eq!(good(&app, "POST", "/limits/other/pause").await["paused"], true);
    assert_eq!(good(&app, "GET", "/limits").await["types"]["email"], both());
}

#[tokio::test]
async fn everything_is_paused_and_resumed() {
    let app = App::new();
    app.command("PUT", "/limits/email", &both()).await;
    let paused = json!({"paused": true, "types": {"email": both()}});
    assert_eq!(good(&app, "POST", "/pause").await, paused);
    assert_eq!(good(&app, "GET", "/limits").await, paused);
    assert_eq!(good(&app, "POST", "/resume").await["paused"], false);
}

#[tokio::test]
async fn a_store_that_keeps_no_more_is_a_conflict_that_says_so() {
    let app = App::new();
    app.jobs.with(|held| held.is_full = true);
    for answer in [
        app.command("PUT", "/limits/email", &both()).await,
        app.call("POST", "/limits/email/pause").await,
    ] {
        let problem = answer.problem(409);
        assert_eq!(problem["title"], "Too many limits");
        assert!(!answer.text().contains("secret"));
    }
    let refused = "gateway_commands_total{command=\"set-limits\",outcome=\"too-many-limits\"";
    assert_eq!(app.metric(refused).await, Some(1.0));
}

#[tokio::test]
async fn what_is_no_type_is_refused() {
    let app = App::new();
    let long = format!("/limits/{}", "x".repeat(129));
    for path in ["/limits/a%20b", "/limits/-a", "/limits/%00", "/limits/%ff", &long] {
        for method in ["GET", "PUT", "DELETE"] {
            let problem = app.command(method, path, &json!({})).await.problem(400);
            assert_eq!(problem["details"][0]["path"], "type", "{method} {path}");
        }
        app.call("POST", &format!("{path}/pause")).await.problem(400);
    }
    assert!(app.jobs.desk.calls().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_is_told_in_bounded_time() {
    for mood in [StoreMood::Hangs, StoreMood::Fails(away())] {
        for (method, path) in [
            ("GET", "/limits"),
            ("GET", "/limits/email"),
            ("PUT", "/limits/email"),
            ("DELETE", "/limits/email"),
            ("POST", "/limits/email/pause"),
            ("POST", "/limits/email/resume"),
            ("POST", "/pause"),
            ("POST", "/resume"),
        ] {
            let app = App::new();
            app.jobs.desk.set(mood.clone());
            let started = Instant::now();
            app.command(method, path, &json!({})).await.degraded("job store");
            assert!(started.elapsed() <= Duration::from_secs(2), "{path}");
        }
    }
}

/// The store merges: what is read first and written later would undo what another gateway does between the two.
#[tokio::test]
async fn a_pause_is_one_change_of_nothing_else() {
    let app = App::new();
    app.command("PUT", "/limits/email", &both()).await;
    let paused = good(&app, "POST", "/limits/email/pause").await;
    assert_eq!(
        (&paused["paused"], &paused["concurrency"]),
        (&json!(true), &json!(5))
    );
    let calls = app.jobs.desk.calls();
    assert_eq!(&calls[1..], [r#"set_limits Pause("email", true)"#, "limits"]);
}

#[tokio::test]
async fn commands_are_counted() {
    let app = App::new();
    app.call("POST", "/pause").await;
    app.command("PUT", "/limits/email", &both()).await;
    for command in ["pause-all", "set-limits"] {
        let name = format!("gateway_commands_total{{command=\"{command}\",outcome=\"done\"");
        assert_eq!(app.metric(&name).await, Some(1.0));
    }
}
