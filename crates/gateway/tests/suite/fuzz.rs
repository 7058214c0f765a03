//! Whatever is posted, the answer is a 202 with one valid event or a 4xx with none.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::App;

pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("PENDING")),
        Just(json!("1h30m")),
        Just(json!("high")),
        Just(json!("2026-01-02T03:04:05Z")),
        Just(json!("0191d2a0-7c1e-7000-8000-00000000000a")),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(".{0,6}", inner, 0..4).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn any_job() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        Just("id"),
        Just("status"),
        Just("payload"),
        Just("createdAt"),
        Just("updatedAt"),
        Just("metadata"),
        Just("tags"),
        Just("timeoutSeconds"),
        Just("retry"),
        Just("delay"),
        Just("runAt"),
        Just("priority"),
        Just("uniqueKey"),
        Just("schedule"),
        Just("anything"),
    ];
    (
        prop_oneof!["[a-z]{1,8}", ".{0,8}"],
        prop::collection::hash_map(name, any_json(), 0..4),
    )
        .prop_map(|(kind, fields)| {
            let mut job = json!({"type": kind});
            for (name, value) in fields {
                job[name] = value;
            }
            job
        })
}

fn check(body: Vec<u8>) -> Result<(), TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let app = App::new();
        let answer = app.post(body).await;
        let messages = app.bus.messages();
        if answer.status == 202 {
            let envelope: Value = serde_json::from_slice(&messages[0].body).unwrap();
            prop_assert!(contracts::validator().event(&envelope).is_ok(), "{envelope}");
            let read = contracts::Envelope::from_slice(&messages[0].body);
            prop_assert!(read.is_ok_and(|envelope| envelope.job().is_ok()), "{envelope}");
        } else {
            prop_assert!(messages.is_empty());
            answer.problem(answer.status.as_u16());
            prop_assert!(answer.status.is_client_error(), "{}", answer.text());
        }
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jobs_of_any_shape(job in any_job()) {
        check(job.to_string().into_bytes())?;
    }

    #[test]
    fn bytes_of_any_kind(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check(bytes)?;
    }

    #[test]
    fn jobs_that_were_damaged(job in any_job(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = job.to_string().into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        check(bytes)?;
    }
}
