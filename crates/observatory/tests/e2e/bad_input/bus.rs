//! What comes over the bus past the door is read on the page, and the next job is done.

use std::sync::Arc;

use domain::SystemClock;
use embedded::{Database, OpenOptions};
use ports::{Headers, Message};
use serde_json::{Value, json};

use crate::common::{Observatory, PATIENCE, Site, text};

/// Puts messages on the bus of an observatory that does not run.
async fn publish(site: &Site, bodies: &[&'static str]) {
    let database = Database::open(site.data(), OpenOptions::new(Arc::new(SystemClock))).unwrap();
    let message = |body: &&'static str| Message {
        routing_key: "job.created".into(),
        headers: Headers::default(),
        body: body.as_bytes().into(),
    };
    let messages: Vec<_> = bodies.iter().map(message).collect();
    database.bus().publish(ports::parcels(messages)).await.unwrap();
    database.close();
}

async fn letters(observatory: &Observatory) -> Vec<Value> {
    // By way of the page, as a person reads them.
    let page = observatory.page.get("/api/dead-letters?limit=500").await;
    assert_eq!(page.status, 200, "{:?}", page.body);
    page.json()["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn bad_messages_become_dead_letters_that_people_can_read() {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    observatory.process.signal("TERM");
    assert_eq!(observatory.process.exit_code(PATIENCE).await, 0);
    drop(observatory);
    let bodies = [
        "{broken",
        "[1,2]",
        "{\"eventType\":\"job.created\",\"correlationId\":\"mine\"}",
    ];
    publish(&site, &bodies).await;

    let observatory = site.start(&[]).await;
    observatory.echoes("bad messages on the bus").await;
    let expected = bodies.len() * 2;
    testkit::wait_until(PATIENCE, "the dead letters", || async {
        letters(&observatory).await.len() >= expected
    })
    .await;
    let letters = letters(&observatory).await;
    assert_eq!(letters.len(), expected, "{letters:?}");
    for service in ["processor", "metrics-engine"] {
        let own: Vec<_> = letters
            .iter()
            .filter(|letter| letter["service"] == service)
            .collect();
        let originals = [
            json!("{broken"),
            json!([1, 2]),
            json!({"eventType": "job.created", "correlationId": "mine"}),
        ];
        for original in originals {
            let letter = own.iter().find(|letter| letter["originalEvent"] == original);
            let letter = letter.unwrap_or_else(|| panic!("{original} of {service}: {letters:?}"));
            assert!(!text(&letter["validationError"]).is_empty(), "{letter}");
            assert!(!text(&letter["rejectedAt"]).is_empty(), "{letter}");
        }
    }
    let metrics = observatory.metrics.get("/metrics").await;
    let rejected = crate::common::metric(metrics.text(), "processor_jobs_validation_failed_total");
    assert_eq!(rejected, Some(3.0));
    assert_eq!(
        observatory.read_model.get("/jobs").await.json()["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}
