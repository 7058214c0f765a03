//! Messages under other keys than their own, and many at once.

use contracts::{JobStatus, Priority};
use ports::routing;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::system::{
    CREATED, ENGINE, PROCESSOR, System, envelope, envelope_with, job, job_with, message, raw,
};

/// Events that one consumer can use are no errors for the other.
#[tokio::test]
async fn every_consumer_that_cannot_use_a_message_leaves_a_letter_of_its_own() {
    let system = System::start();
    let ended = envelope_with("eventType", json!("job.completed"));
    let ended = message(CREATED, &ended);
    system
        .assert_rejected(
            "an event that asks for no work",
            ended,
            &[(PROCESSOR, "asks for no work")],
        )
        .await;
    let long = message(CREATED, &job_with("type", json!("x".repeat(257))));
    system
        .assert_rejected(
            "a long type",
            long,
            &[(PROCESSOR, "longer than 256"), (ENGINE, "longer than 256")],
        )
        .await;
    let noise = raw(routing::DISPATCH, "noise");
    system
        .assert_rejected("noise for the workers", noise, &[(PROCESSOR, "not JSON")])
        .await;
    let noise = raw(routing::created(Priority::High), "noise");
    system
        .assert_rejected(
            "noise that goes first",
            noise,
            &[(PROCESSOR, "not JSON"), (ENGINE, "not JSON")],
        )
        .await;
    let noise = raw(routing::dispatch(Priority::Low), "noise");
    system
        .assert_rejected("noise that can wait", noise, &[(PROCESSOR, "not JSON")])
        .await;
    let noise = raw("job.completed", "noise");
    system
        .assert_rejected("noise for the engine", noise, &[(ENGINE, "not JSON")])
        .await;
    let unknown = raw("job.something.new", "{}");
    system
        .assert_rejected("an event of an unknown key", unknown, &[(ENGINE, "is missing")])
        .await;
}

#[tokio::test]
async fn what_no_queue_is_bound_to_goes_nowhere() {
    let system = System::start();
    for key in [
        "nonsense",
        "",
        "jobs.created",
        "job_created",
        "dispatch.job",
        "dispatch.normal",
        "#",
    ] {
        system.assert_rejected(key, raw(key, "noise"), &[]).await;
    }
}

/// A dispatch may only ask for an attempt that is next; one for a job of nobody's starts nothing.
#[tokio::test]
async fn a_dispatch_for_a_job_that_does_not_exist_starts_nothing() {
    let system = System::start();
    let id = Uuid::new_v4();
    let mut dispatch = message(routing::DISPATCH, &envelope(&job(id)));
    dispatch.headers.attempt = Some(7);
    system
        .assert_rejected("a dispatch for nobody", dispatch.clone(), &[])
        .await;
    assert_eq!(system.jobs.job(id).await.unwrap(), None);
    dispatch.headers.attempt = Some(0);
    system
        .assert_rejected("a dispatch for no attempt", dispatch, &[])
        .await;
    assert_eq!(system.jobs.job(id).await.unwrap(), None);
}

#[tokio::test]
async fn dead_letters_of_others_are_kept_and_noise_among_them_is_wrapped() {
    let system = System::start();
    let foreign = json!({
        "original_event": {"a": 1}, "validation_error": "did not fit", "rejected_at": "2026-01-02T03:04:05Z",
        "correlation_id": "c-1", "service": "somebody", "service_version": "9",
    });
    let letter = message(routing::DEAD_LETTER, &foreign);
    let kept = system
        .assert_rejected(
            "a letter of another service",
            letter,
            &[("somebody", "did not fit")],
        )
        .await;
    assert_eq!(kept[0].original_event, json!({"a": 1}));
    for (what, body) in [
        ("noise", &b"no letter"[..]),
        ("no UTF-8", b"\xff\xfe"),
        ("nothing", b""),
        ("a list", b"[1]"),
    ] {
        let noise = raw(routing::DEAD_LETTER, body);
        let kept = system
            .assert_rejected(what, noise, &[("bus", "dead-lettered by the bus")])
            .await;
        assert_ne!(kept[0].original_event, Value::Null, "{what}");
    }
    let deep = raw(routing::DEAD_LETTER, "[".repeat(500_000));
    system
        .assert_rejected("a deep letter", deep, &[("bus", "")])
        .await;
}

/// Bad ones among good ones, delivered together, more often than once.
#[tokio::test]
async fn good_jobs_between_bad_messages_are_all_done() {
    let system = System::start();
    let ids: Vec<Uuid> = (0..200).map(|_| Uuid::new_v4()).collect();
    let pairs = ids.iter().flat_map(|id| {
        let noise = raw(CREATED, format!("{{{id}"));
        [message(CREATED, &envelope(&job(*id))), noise]
    });
    system.publish(pairs.collect()).await;
    system.echoes("the mixture").await;
    system.settles().await;
    let listed = system.listed().await;
    assert_eq!(listed.len(), ids.len() + 1);
    assert!(
        listed.iter().all(|job| job.status == JobStatus::Completed),
        "{listed:?}"
    );
    let letters = system.letters().await;
    for service in [PROCESSOR, ENGINE] {
        let own = letters.iter().filter(|letter| letter.service == service).count();
        assert_eq!(own, ids.len(), "of {service}");
    }
}
