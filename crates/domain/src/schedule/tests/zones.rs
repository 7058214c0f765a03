use super::*;

#[test]
fn an_expression_is_read_in_its_zone() {
    let from = "2026-11-25T00:00:00Z";
    assert_eq!(
        next("0 9 * * *", "Asia/Kolkata", from, 1),
        ["2026-11-25T03:30:00Z"]
    );
    assert_eq!(
        next("0 9 * * *", "Pacific/Kiritimati", from, 1),
        ["2026-11-25T19:00:00Z"]
    );
    assert_eq!(next("0 9 * * *", "UTC", from, 1), ["2026-11-25T09:00:00Z"]);
}

#[test]
fn zones_go_by_their_name() {
    assert_eq!(cron("@daily", "europe/berlin").timezone(), "Europe/Berlin");
    assert_eq!(
        cron("@daily", "Europe/Berlin").to_string(),
        "@daily (Europe/Berlin)"
    );
    let error = |zone: &str| Cron::new("@daily", zone).unwrap_err().to_string();
    assert_eq!(
        error("Europe/Berln"),
        "unknown time zone `Europe/Berln` (did you mean `Europe/Berlin`?), expected a name such as Europe/Berlin or UTC"
    );
    assert!(error("+01:00").starts_with("unknown time zone `+01:00`, expected"));
    assert!(error("").starts_with("unknown time zone ``"));
    assert!(error(&"x".repeat(100_000)).len() < 200);
}

#[test]
fn a_time_that_does_not_exist_fires_at_the_first_moment_after_the_gap() {
    // 29 March 2026, 02:00 to 03:00 is missing; 8 March, 02:00 to 03:00 is missing.
    for (zone, day_before, gap_end, next_day) in [
        (
            "Europe/Berlin",
            "2026-03-28T12:00:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-30T00:30:00Z",
        ),
        (
            "America/New_York",
            "2026-03-07T12:00:00Z",
            "2026-03-08T07:00:00Z",
            "2026-03-09T06:30:00Z",
        ),
    ] {
        assert_eq!(next("30 2 * * *", zone, day_before, 2), [gap_end, next_day]);
        // Several missing times fire once together, and once with the time that ends the gap.
        assert_eq!(next("*/10 2 * * *", zone, day_before, 1), [gap_end]);
        assert_eq!(next("*/10 2 * * *", zone, gap_end, 1)[0][..10], next_day[..10]);
        assert_eq!(next("0,30 2,3 * * *", zone, gap_end, 1)[0][13..], *":30:00Z");
    }
}

#[test]
fn a_time_that_occurs_twice_fires_the_first_time() {
    // 25 October 2026, 02:00 to 03:00 comes twice; 1 November, 01:00 to 02:00 comes twice.
    for (zone, expression, before, first, next_day) in [
        (
            "Europe/Berlin",
            "30 2 * * *",
            "2026-10-24T12:00:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-26T01:30:00Z",
        ),
        (
            "America/New_York",
            "30 1 * * *",
            "2026-10-31T12:00:00Z",
            "2026-11-01T05:30:00Z",
            "2026-11-02T06:30:00Z",
        ),
    ] {
        assert_eq!(next(expression, zone, before, 2), [first, next_day]);
        // Asked in the middle of the second time, the firing is over.
        let within = (at(first) + jiff::SignedDuration::from_mins(50)).to_string();
        assert_eq!(next(expression, zone, &within, 1), [next_day]);
    }
}

#[test]
fn regular_spans_stay_regular_when_the_clocks_change() {
    for (zone, from) in [
        ("Europe/Berlin", "2026-03-28T23:55:00Z"),
        ("Europe/Berlin", "2026-10-24T22:55:00Z"),
        ("America/New_York", "2026-03-08T05:55:00Z"),
        ("America/New_York", "2026-11-01T04:55:00Z"),
    ] {
        for (expression, minutes) in [("*/20 * * * *", 20), ("30 * * * *", 60), ("*/20 0-23 * * *", 20)] {
            let firings = cron(expression, zone).preview(at(from), 12);
            let spans = firings
                .windows(2)
                .map(|pair| pair[1].duration_since(pair[0]).as_mins());
            assert!(
                spans.into_iter().all(|span| span == minutes),
                "{zone} {expression}: {firings:?}"
            );
        }
    }
}

#[test]
fn a_day_that_a_zone_left_out_fires_when_the_next_begins() {
    // Samoa went from 29 to 31 December 2011.
    let firings = next("0 12 * * *", "Pacific/Apia", "2011-12-29T12:00:00Z", 3);
    assert_eq!(
        firings,
        [
            "2011-12-29T22:00:00Z",
            "2011-12-30T10:00:00Z",
            "2011-12-30T22:00:00Z"
        ]
    );
}
