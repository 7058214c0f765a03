//! Schedules as they are kept.

use domain::schedule::{CatchUp, Schedule, firing_id};
use serde_json::json;
use uuid::Uuid;

use super::support::{Store, StoreHarness, plan, planned, template, ten, told};
use crate::conformance::wait::within;
use crate::{MAX_SCHEDULES, Precondition, StoreError};

async fn names(store: &Store) -> Vec<String> {
    let all = store.schedules().await.into_iter();
    all.map(|schedule| schedule.name.into()).collect()
}

/// Every word of it, odd ones too; a crash changes nothing.
pub async fn a_schedule_is_kept_as_it_was_given(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    assert!(store.schedules().await.is_empty());
    let job = json!({
        "type": "type.with:odd_\u{1f980}'\"%", "payload": {"a": [1, 1.5, null, true, "\u{e9}"], "": {}},
        "tags": ["eu"], "metadata": {"team": "\\"}, "unknown": {"kept": true},
    });
    let given = Schedule {
        timezone: "Europe/Berlin".to_owned(),
        catch_up: CatchUp::All,
        job: template(&job),
        ..plan("nightly-report_2.eu", "*/5 3 * * MON-FRI")
    };
    let kept = store.put_schedule(&given).await;
    assert_eq!(told(&kept), told(&given));
    let paused = Schedule {
        paused: true,
        next_at: None,
        catch_up: CatchUp::Skip,
        ..plan("paused", "0 0 3 1 1 *")
    };
    store.put_schedule(&paused).await;
    let store = store.reopen(harness).await;
    assert_eq!(told(&store.schedule("nightly-report_2.eu").await), told(&given));
    assert_eq!(told(&store.schedule("paused").await), told(&paused));
}

/// By name, letter by letter.
pub async fn schedules_are_listed_by_name(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let mut expected = ["b", "a", "B", "a-1", "a.1", "10", "9", "a_"];
    for name in expected {
        store.put_schedule(&plan(name, "@hourly")).await;
    }
    expected.sort_unstable();
    assert_eq!(names(&store).await, expected);
}

/// The rule, the job and the next firing are new; who it is and what it has done stay.
pub async fn a_replaced_schedule_keeps_its_identity_and_its_last_firing(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let first = plan("a", "* * * * *");
    store.put_schedule(&first).await;
    assert_eq!(store.fire(ten(1, 0)).await, 1);
    let second = planned(Schedule {
        id: Uuid::from_u128(7),
        job: template(&json!({"type": "sleep"})),
        created_at: ten(1, 30),
        updated_at: ten(1, 30),
        ..plan("a", "*/10 * * * *")
    });
    let expected = Schedule {
        id: first.id,
        created_at: first.created_at,
        last_at: Some(ten(1, 0)),
        last_job: Some(firing_id(first.id, ten(1, 0))),
        ..second.clone()
    };
    assert_eq!(told(&store.put_schedule(&second).await), told(&expected));
    assert_eq!(told(&store.schedule("a").await), told(&expected));
    assert_eq!(store.schedules().await.len(), 1);
    assert_eq!(expected.next_at, Some(ten(10, 0)));
}

/// What is gone is gone, and its name is free for another one.
pub async fn a_deleted_schedule_is_forgotten(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    store.put_schedule(&plan("a", "* * * * *")).await;
    store.put_schedule(&plan("b", "* * * * *")).await;
    store.fire(ten(1, 0)).await;
    assert!(store.delete_schedule("a").await);
    assert!(!store.delete_schedule("a").await);
    assert!(!store.delete_schedule("A").await);
    let store = store.reopen(harness).await;
    assert_eq!(names(&store).await, ["b"]);
    let anew = Schedule {
        id: Uuid::from_u128(7),
        ..plan("a", "@hourly")
    };
    store.put_schedule(&anew).await;
    assert_eq!(
        told(&store.schedule("a").await),
        told(&anew),
        "as if there had never been one"
    );
}

/// A rule of a later version, or none at all, is text that can be listed and replaced.
pub async fn a_schedule_with_a_rule_that_does_not_read_is_kept(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let odd = Schedule {
        timezone: "Mars/Olympus".to_owned(),
        ..plan("a", "every other day")
    };
    store.put_schedule(&odd).await;
    assert_eq!(told(&store.schedule("a").await), told(&odd));
    store.put_schedule(&plan("a", "@hourly")).await;
    assert_eq!(store.schedule("a").await.cron, "@hourly");
}

/// Who has not seen the last change undoes nothing; firing is no change.
pub async fn a_schedule_is_replaced_only_where_the_precondition_holds(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    let first = plan("a", "* * * * *");
    let seen = Precondition::UpdatedAt(first.updated_at);
    assert!(
        store.put_schedule_when(&first, seen).await.is_none(),
        "there is none"
    );
    assert!(store.schedules().await.is_empty());
    let kept = store.put_schedule_when(&first, Precondition::Absent).await;
    assert_eq!(kept.as_ref().map(told), Some(told(&first)));
    assert!(
        store
            .put_schedule_when(&first, Precondition::Absent)
            .await
            .is_none()
    );
    assert_eq!(store.fire(ten(1, 0)).await, 1);
    let second = planned(Schedule {
        updated_at: ten(1, 30),
        ..plan("a", "*/10 * * * *")
    });
    assert!(store.put_schedule_when(&second, seen).await.is_some());
    let late = plan("a", "@daily");
    assert!(store.put_schedule_when(&late, seen).await.is_none());
    let store = store.reopen(harness).await;
    assert_eq!(store.schedule("a").await.cron, "*/10 * * * *");
    let now = Precondition::UpdatedAt(ten(1, 30));
    assert!(store.put_schedule_when(&late, now).await.is_some());
    assert_eq!(store.schedule("a").await.cron, "@daily");
}

/// As many as may be, and not one more; those that are there can be changed and make room.
pub async fn too_many_schedules_are_refused(harness: &StoreHarness) {
    let store = Store::fresh(harness).await;
    for number in 0..MAX_SCHEDULES {
        store.put_schedule(&plan(&format!("n{number}"), "@hourly")).await;
    }
    let one_more = plan("one-more", "@hourly");
    let answer =
        async { Ok::<_, StoreError>(store.0.put_schedule(one_more.clone(), Precondition::Always).await) };
    let answer = within("keeping a schedule", answer).await;
    assert!(matches!(answer, Err(StoreError::Refused(_))), "{answer:?}");
    store.put_schedule(&plan("n7", "@daily")).await;
    assert_eq!(store.schedules().await.len(), MAX_SCHEDULES);
    store.delete_schedule("n8").await;
    store.put_schedule(&one_more).await;
    assert_eq!(store.schedules().await.len(), MAX_SCHEDULES);
}
