use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::super::due;
use super::*;

const GRACE: Duration = Duration::from_mins(1);

fn fired(expression: &str, last: &str, now: &str, catch_up: CatchUp) -> Vec<String> {
    let due = due(&cron(expression, "UTC"), at(last), at(now), catch_up, GRACE);
    due.fire.iter().map(ToString::to_string).collect()
}

#[test]
fn what_is_due_fires_whatever_the_policy() {
    for catch_up in [CatchUp::Skip, CatchUp::One, CatchUp::All] {
        let due = due(
            &cron("0 * * * *", "UTC"),
            at("2026-11-25T10:00:00Z"),
            at("2026-11-25T11:00:30Z"),
            catch_up,
            GRACE,
        );
        assert_eq!(due.fire, [at("2026-11-25T11:00:00Z")]);
        assert_eq!(due.next, Some(at("2026-11-25T12:00:00Z")));
        assert!(
            fired(
                "0 * * * *",
                "2026-11-25T11:00:00Z",
                "2026-11-25T11:59:59Z",
                catch_up
            )
            .is_empty()
        );
    }
}

#[test]
fn missed_firings_are_made_up_for_as_the_policy_says() {
    let fired = |catch_up| {
        fired(
            "0 * * * *",
            "2026-11-25T07:00:00Z",
            "2026-11-25T10:30:00Z",
            catch_up,
        )
    };
    assert!(fired(CatchUp::Skip).is_empty());
    assert_eq!(fired(CatchUp::One), ["2026-11-25T10:00:00Z"]);
    assert_eq!(
        fired(CatchUp::All),
        [
            "2026-11-25T08:00:00Z",
            "2026-11-25T09:00:00Z",
            "2026-11-25T10:00:00Z"
        ]
    );
}

#[test]
fn one_that_is_not_missed_does_for_those_that_were() {
    let fired = |catch_up| {
        fired(
            "0 * * * *",
            "2026-11-25T07:00:00Z",
            "2026-11-25T10:00:30Z",
            catch_up,
        )
    };
    assert_eq!(fired(CatchUp::Skip), ["2026-11-25T10:00:00Z"]);
    assert_eq!(fired(CatchUp::One), ["2026-11-25T10:00:00Z"]);
    assert_eq!(fired(CatchUp::All).len(), 3);
}

#[test]
fn years_of_absence_are_caught_up_with_in_bounds() {
    for expression in [
        "* * * * * *",
        "*/7 * * 1-6 * *",
        "* * 0 1 1 *",
        "@hourly",
        "@yearly",
    ] {
        let rule = cron(expression, "Europe/Berlin");
        let (last, now) = (at("1990-01-01T00:00:00Z"), at("2026-11-25T10:00:00Z"));
        let fire = due(&rule, last, now, CatchUp::All, GRACE).fire;
        assert!(fire.len() <= MAX_CATCH_UP && fire.is_sorted(), "{expression}");
        assert!(
            fire.len() == MAX_CATCH_UP || expression == "@yearly" && fire.len() == 36,
            "{expression}"
        );
        assert!(
            fire.windows(2)
                .all(|pair| rule.next_after(pair[0]) == Some(pair[1])),
            "{expression}"
        );
        assert!(
            rule.next_after(fire[fire.len() - 1]) > Some(now),
            "{expression}: the latest are kept"
        );
    }
}

#[test]
fn a_clock_behind_the_last_firing_fires_nothing() {
    assert!(
        fired(
            "* * * * *",
            "2026-11-25T10:00:00Z",
            "2026-11-25T09:00:00Z",
            CatchUp::All
        )
        .is_empty()
    );
}

#[test]
fn policies_go_by_their_names() {
    assert_eq!(CatchUp::default(), CatchUp::One);
    assert_eq!(
        serde_json::to_string(&[CatchUp::Skip, CatchUp::One, CatchUp::All]).unwrap(),
        r#"["skip","one","all"]"#
    );
}

proptest! {
    #[test]
    fn a_scheduler_that_looks_at_any_time_neither_misses_nor_doubles(
        expression in select(vec!["*/5 * * * *", "30 2 * * *", "*/7 1-3 * * *", "0 */2 * * *"]),
        pauses in prop::collection::vec(1_u64..7_200, 1..60),
    ) {
        let rule = cron(expression, "Europe/Berlin");
        let start = at("2026-10-24T22:00:00Z");
        let (mut now, mut last, mut fired) = (start, start, Vec::new());
        for pause in pauses {
            now += Duration::from_secs(pause);
            let due = due(&rule, last, now, CatchUp::All, GRACE);
            last = due.fire.last().copied().unwrap_or(last);
            fired.extend(due.fire);
            prop_assert_eq!(due.next, rule.next_after(now));
        }
        let expected = std::iter::successors(rule.next_after(start), |at| rule.next_after(*at));
        let expected: Vec<Timestamp> = expected.take_while(|at| *at <= now).collect();
        prop_assert_eq!(fired, expected);
    }
}
