use super::*;

#[test]
fn the_same_seed_plans_the_same_jobs_and_another_seed_others() {
    let bodies = |seed| (0..500).map(|i| Plan::new(seed, 500).body(i)).collect::<Vec<_>>();
    assert_eq!(bodies(1), bodies(1));
    assert!(bodies(1).iter().zip(bodies(2)).all(|(a, b)| *a != b));
}

#[test]
fn every_kind_occurs_and_most_are_echo() {
    let plan = Plan::new(9, 10_000);
    let count = |test: fn(Kind) -> bool| (0..10_000).filter(|i| test(plan.kind(*i))).count();
    assert!(count(|kind| kind == Kind::Echo) > 6_000);
    assert!(count(|kind| matches!(kind, Kind::Sleep(1..=30))) > 800);
    assert!(count(|kind| kind == Kind::Unknown) > 100);
    assert!(count(|kind| kind == Kind::Overlong) > 100);
    assert!(count(|kind| matches!(kind, Kind::Delayed(0..2_000))) > 400);
    assert!(count(|kind| matches!(kind, Kind::Unique(_))) > 300);
    assert!(count(|kind| matches!(kind, Kind::Withdrawn(0..=1_000))) > 200);
    assert!(count(|kind| kind == Kind::Interrupted) > 50);
    let repeats = (0..10_000).filter(|i| plan.repeat_after(*i).is_some()).count();
    assert!((200..500).contains(&repeats), "{repeats}");
}

#[test]
fn bodies_are_valid_submissions() {
    let plan = Plan::new(4, 1_000);
    for index in 0..1_000 {
        let body: serde_json::Value = serde_json::from_str(&plan.body(index)).unwrap();
        assert_eq!(body["id"], plan.id(index).to_string());
        assert!(body["type"].is_string());
        assert_eq!(contracts::validator().submission(&body), Ok(()), "{body}");
    }
}

#[test]
fn units_cover_every_job_once_and_some_are_batches() {
    let plan = Plan::new(5, 1_003);
    let (mut next, mut batches) = (0, 0);
    while next < plan.jobs() {
        next = match plan.unit_at(next) {
            Unit::Batch(range) => {
                assert_eq!(range.start, next);
                batches += 1;
                range.end
            }
            Unit::Single(index) => {
                assert_eq!(index, next);
                index + 1
            }
            _ => unreachable!(),
        };
    }
    assert_eq!(next, 1_003);
    assert!(batches > 2);
}

#[test]
fn several_jobs_race_for_each_unique_key() {
    let plan = Plan::new(9, 10_000);
    let rivals = |key| {
        (0..10_000)
            .filter(|index| plan.key(*index) == Some(key))
            .collect::<Vec<_>>()
    };
    for key in 0..50 {
        let group = rivals(key);
        assert!(group.len() >= 2, "{group:?}");
        assert!(group[group.len() - 1] - group[0] < RIVALS_WITHIN);
        assert!(plan.are_rivals(group[0], group[1]));
        assert!(!plan.are_rivals(group[0], group[0]));
        assert!(plan.body(group[0]).contains(&plan.key_text(key)));
    }
    assert!(!plan.are_rivals(rivals(0)[0], rivals(1)[0]));
}

#[test]
fn only_some_kinds_wait_for_their_time() {
    let plan = Plan::new(9, 10_000);
    for index in 0..10_000 {
        let delayed = plan.body(index).contains("delay\"");
        assert_eq!(delayed, plan.delay(index).is_some(), "{}", plan.body(index));
    }
}
