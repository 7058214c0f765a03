//! A schedule that does not read: what a later program wrote, or a broken disk.

use domain::schedule::{CatchUp, Schedule};
use ports::Precondition;
use uuid::Uuid;

use super::super::fixtures::{Desk, at};
use super::super::{fire, schedules};

fn schedule(name: &str) -> Schedule {
    Schedule {
        id: Uuid::from_u128(7),
        name: name.parse().unwrap(),
        cron: "* * * * * *".to_owned(),
        timezone: "UTC".to_owned(),
        catch_up: CatchUp::One,
        paused: false,
        job: serde_json::from_str(r#"{"type":"echo"}"#).unwrap(),
        created_at: at(0),
        updated_at: at(0),
        next_at: Some(at(1)),
        last_at: None,
        last_job: None,
    }
}

fn names(desk: &Desk) -> Vec<String> {
    let all = schedules::all(&desk.connection).unwrap().into_iter();
    all.map(|schedule| schedule.name.into()).collect()
}

#[test]
fn it_keeps_no_other_from_firing_and_can_be_replaced() {
    let desk = Desk::new();
    for name in ["broken", "good"] {
        schedules::put(&desk.connection, &schedule(name), Precondition::Absent).unwrap();
    }
    let sql = "UPDATE schedules SET schedule = '{' WHERE name = 'broken'";
    desk.connection.execute(sql, []).unwrap();
    assert_eq!(names(&desk), ["good"]);
    let made = desk.write(|table| fire::fire(table, at(1), at(300), 1));
    let made_next = desk.write(|table| fire::fire(table, at(1), at(300), 1));
    assert_eq!(
        made + made_next,
        1,
        "the good one, although the other was before it"
    );
    assert!(schedules::due(&desk.connection, at(1), 10).unwrap().is_empty());
    let kept = schedules::put(&desk.connection, &schedule("broken"), Precondition::Absent).unwrap();
    assert!(kept.is_some());
    assert_eq!(names(&desk), ["broken", "good"]);
}
