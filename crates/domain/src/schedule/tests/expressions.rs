use super::*;

#[test]
fn expressions_fire_when_they_say() {
    let cases = [
        (
            "*/15 * * * *",
            vec!["2026-11-25T10:15:00Z", "2026-11-25T10:30:00Z"],
        ),
        (
            "5/20 * * * *",
            vec![
                "2026-11-25T10:05:00Z",
                "2026-11-25T10:25:00Z",
                "2026-11-25T10:45:00Z",
            ],
        ),
        (
            "0 9-17/4 * * *",
            vec![
                "2026-11-25T13:00:00Z",
                "2026-11-25T17:00:00Z",
                "2026-11-26T09:00:00Z",
            ],
        ),
        (
            "30 3,15 * * *",
            vec!["2026-11-25T15:30:00Z", "2026-11-26T03:30:00Z"],
        ),
        (
            "*/20 * * * * *",
            vec![
                "2026-11-25T10:00:20Z",
                "2026-11-25T10:00:40Z",
                "2026-11-25T10:01:00Z",
            ],
        ),
        (
            "0 0 L * *",
            vec![
                "2026-11-30T00:00:00Z",
                "2026-12-31T00:00:00Z",
                "2027-01-31T00:00:00Z",
            ],
        ),
        (
            "0 0 28,L feb ?",
            vec![
                "2027-02-28T00:00:00Z",
                "2028-02-28T00:00:00Z",
                "2028-02-29T00:00:00Z",
            ],
        ),
        (
            "0 0 * * MON-fri/2",
            vec![
                "2026-11-27T00:00:00Z",
                "2026-11-30T00:00:00Z",
                "2026-12-02T00:00:00Z",
            ],
        ),
        (
            "0 0 * * fri-sun",
            vec![
                "2026-11-27T00:00:00Z",
                "2026-11-28T00:00:00Z",
                "2026-11-29T00:00:00Z",
            ],
        ),
        ("0 0 * * 7", vec!["2026-11-29T00:00:00Z", "2026-12-06T00:00:00Z"]),
        ("0 0 29 2 *", vec!["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        ("  0\t0 1 jan *  ", vec!["2027-01-01T00:00:00Z"]),
        ("@yearly", vec!["2027-01-01T00:00:00Z"]),
        ("@Monthly", vec!["2026-12-01T00:00:00Z"]),
        ("@weekly", vec!["2026-11-29T00:00:00Z"]),
        ("@daily", vec!["2026-11-26T00:00:00Z"]),
        ("@hourly", vec!["2026-11-25T11:00:00Z"]),
    ];
    for (expression, firings) in cases {
        assert_eq!(
            next(expression, "UTC", "2026-11-25T10:00:00Z", firings.len()),
            firings,
            "{expression}"
        );
    }
}

#[test]
fn two_days_are_alternatives_and_an_open_one_leaves_it_to_the_other() {
    let from = "2026-11-25T10:00:00Z";
    let either = [
        "2026-11-27T00:00:00Z",
        "2026-12-01T00:00:00Z",
        "2026-12-04T00:00:00Z",
    ];
    assert_eq!(next("0 0 1 * FRI", "UTC", from, 3), either);
    let both = [
        "2026-11-27T00:00:00Z",
        "2026-12-11T00:00:00Z",
        "2026-12-25T00:00:00Z",
    ];
    assert_eq!(next("0 0 */2 * FRI", "UTC", from, 3), both);
}

#[test]
fn the_moment_itself_is_over_and_a_part_of_a_second_is_not_lost() {
    let daily = cron("@daily", "UTC");
    let midnight = at("2026-11-25T00:00:00Z");
    assert_eq!(daily.next_after(midnight), Some(at("2026-11-26T00:00:00Z")));
    assert_eq!(
        daily.next_after(at("2026-11-24T23:59:59.999999Z")),
        Some(midnight)
    );
    let secondly = cron("* * * * * *", "UTC");
    assert_eq!(
        secondly.next_after(at("1969-12-31T23:59:58.5Z")),
        Some(at("1969-12-31T23:59:59Z"))
    );
    assert_eq!(secondly.next_after(Timestamp::MAX), None);
    assert_eq!(daily.next_after(Timestamp::MAX), None);
}

#[test]
fn a_preview_is_bounded() {
    let secondly = cron("* * * * * *", "UTC");
    assert_eq!(
        secondly.preview(at("2026-11-25T00:00:00Z"), usize::MAX).len(),
        MAX_PREVIEW
    );
}

#[test]
fn mistakes_are_named() {
    for (expression, message) in [
        (
            "",
            "a cron expression has 5 fields (minute, hour, day of month, month, day of week) or 6 with the second first, not 0",
        ),
        ("* * * *", "a cron expression has 5 fields"),
        ("* * * * * * *", "a cron expression has 5 fields"),
        (
            "61 * * * *",
            "the minute of the cron expression: `61` is none of 0 to 59",
        ),
        (
            "* 24 * * *",
            "the hour of the cron expression: `24` is none of 0 to 23",
        ),
        (
            "* * 0 * *",
            "the day of month of the cron expression: `0` is none of 1 to 31",
        ),
        (
            "* * * foo *",
            "the month of the cron expression: `foo` is none of 1 to 12, jan to dec",
        ),
        (
            "* * * * 8",
            "the day of week of the cron expression: `8` is none of 0 to 7, sun to sat",
        ),
        (
            "* * * * L",
            "the day of week of the cron expression: `L` is none of",
        ),
        ("? * * * *", "the minute of the cron expression: `?` is none of"),
        (
            "60 * * * * *",
            "the second of the cron expression: `60` is none of",
        ),
        ("-5 * * * *", "the minute of the cron expression: `` is none of"),
        ("1, * * * *", "the minute of the cron expression: `` is none of"),
        ("+1 * * * *", "the minute of the cron expression: `+1` is none of"),
        (
            "30-10 * * * *",
            "the minute of the cron expression: the range `30-10` ends before it begins",
        ),
        (
            "*/90 * * * *",
            "the minute of the cron expression: the step of `*/90` is no number from 1 to the length",
        ),
        (
            "*/0 * * * *",
            "the minute of the cron expression: the step of `*/0` is no number",
        ),
        (
            "*/ * * * *",
            "the minute of the cron expression: the step of `*/` is no number",
        ),
        ("0 0 30 2 *", "no date ever fits the cron expression"),
        ("0 0 31 4,6,9,11 *", "no date ever fits the cron expression"),
        ("@every 5m", "unknown name `@every 5m`; there are @yearly"),
        (&"1,".repeat(200), "a cron expression has at most 256 bytes"),
    ] {
        let error = Cron::new(expression, "UTC").expect_err(expression).to_string();
        assert!(error.starts_with(message), "{expression}: {error}");
    }
}
