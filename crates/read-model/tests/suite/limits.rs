//! What holds jobs back.

use domain::duration::Span;
use domain::limits::{Limits, Rate};
use ports::AllLimits;
use serde_json::json;

use super::support::App;

#[tokio::test]
async fn without_limits_nothing_is_held_back() {
    let nothing = json!({"paused": false, "types": {}});
    assert_eq!(App::new().get("/limits").await.good(), nothing);
}

#[tokio::test]
async fn every_limit_is_told_by_its_type() {
    let app = App::new();
    let email = Limits {
        concurrency: Some(5.try_into().unwrap()),
        rate: Some(Rate::new(100, Span::from_secs(60)).unwrap()),
        ..Limits::default()
    };
    let report = Limits {
        paused: true,
        ..Limits::default()
    };
    *app.jobs.limits.lock().unwrap() = AllLimits {
        paused: true,
        types: [("report".into(), report), ("email".into(), email)].into(),
    };
    assert_eq!(
        app.get("/limits").await.good(),
        json!({
            "paused": true,
            "types": {
                "email": {"paused": false, "concurrency": 5, "rate": {"limit": 100, "per": "1m"}},
                "report": {"paused": true, "concurrency": null, "rate": null},
            },
        })
    );
}
