use super::*;
use crate::query::{MAX_LENGTH, MAX_TERMS, MAX_VALUES};

/// The message of the error and the part of the text that it points at.
fn error(text: &str) -> (String, String) {
    let error = Query::parse(text).expect_err(text);
    (error.kind.to_string(), text[error.span].to_owned())
}

/// A query, the part of it that is wrong, and how the message begins.
const MISTAKES: &[[&str; 3]] = &[
    [
        "stat:failed",
        "stat",
        "unknown field `stat` (did you mean `state`?), the fields are id, type, state, ",
    ],
    ["tag:a quue:x", "quue", "unknown field `quue`, the fields are id"],
    ["type.name:x", "type.name", "unknown field `type.name`, "],
    ["age:5m", ":", "`age` takes `>=`, `<=`, `>`, `<`, not `:`"],
    ["tag~eu", "~", "`tag` takes `:`, not `~`"],
    ["error>x", ">", "`error` takes `:`, `~`, not `>`"],
    ["payload.a>=1", ">=", "`payload` takes `:`, `~`, not `>=`"],
    ["type=email", "=", "`=` is no operator: write `field:value`"],
    [
        "state!=failed",
        "state!",
        "unknown field `state!` (did you mean `state`?)",
    ],
    ["state:open", "open", "`state` expects pending, validated, "],
    ["state:failed,oops tag:a", "oops", "`state` expects pending"],
    [
        "age>5",
        "5",
        "`age` expects a span of time such as 500ms, 5m, 2h30m or 7d",
    ],
    ["age>1m,2m", "2m", "`age` expects one value with this operator"],
    ["attempt>x", "x", "`attempt` expects a whole number"],
    ["attempt:+1", "+1", "`attempt` expects a whole number"],
    ["id:123", "123", "`id` expects a full UUID"],
    [
        "id:0199a3f27c1e700080000123456789ab",
        "0199a3f27c1e700080000123456789ab",
        "`id` expects a full UUID",
    ],
    [
        "priority:urgent",
        "urgent",
        "`priority` expects high, normal or low",
    ],
    [
        "held:x",
        "x",
        "`held` expects paused, concurrency, rate or unique",
    ],
    ["fingerprint:12", "12", "`fingerprint` expects 16 hex digits"],
    [
        "created>yesterday",
        "yesterday",
        "`created` expects a date such as 2026-11-25, or a moment such as ",
    ],
    ["created>2026-02-30", "2026-02-30", "`created` expects a date"],
    [
        "created>2026-11-25T10:00",
        "2026-11-25T10:00",
        "`created` expects a date",
    ],
    [
        "created>-000001-01-01T00:00Z",
        "-000001-01-01T00:00Z",
        "`created` expects a date",
    ],
    ["created<=9999-12-31", "9999-12-31", "`created` expects a date"],
    ["type:a*b", "a*b", "`type` expects a type, with * only at the end"],
    [
        "error~\"open",
        "\"open",
        "the quote that opens here is never closed",
    ],
    [
        "\"open tag:eu",
        "\"open tag:eu",
        "the quote that opens here is never closed",
    ],
    [
        "payload.\"open:1",
        "\"open:1",
        "the quote that opens here is never closed",
    ],
    [
        "tag:a\"b\"",
        "\"",
        "a quote inside a value: put the whole value in quotes",
    ],
    [
        "tag:\"a\"b",
        "b",
        "a closing quote is followed by white space or a comma",
    ],
    [
        "tag:\"a\\n\"",
        "\\",
        "a backslash in quotes comes before a quote or a backslash",
    ],
    ["tag:", "", "a value is missing"],
    ["tag: eu", " ", "a value is missing"],
    ["tag:a,,b", ",", "a value is missing"],
    ["tag:a,", "", "a value is missing"],
    ["- tag:a", " ", "a value is missing"],
    ["\"\"", "\"\"", "a value is missing"],
    [
        "payload:1",
        "payload",
        "`payload` needs a path of names, e.g. payload.user.id:42",
    ],
    [
        "metadata.a..b:1",
        "metadata.a..b",
        "`metadata` needs a path of names",
    ],
    ["payload.:1", "payload.", "`payload` needs a path of names"],
    [
        "tag:a OR tag:b",
        "OR",
        "`OR` is no word here: all terms must hold, a comma between values means or",
    ],
    ["a,tag:b", "tag:b", "this looks like a term inside a list"],
    ["a\0b", "\0", "a NUL character"],
];

#[test]
fn each_mistake_is_named_and_pointed_at() {
    for [text, part, message] in MISTAKES {
        let (found, place) = error(text);
        assert!(found.starts_with(message), "{text}: {found}");
        assert_eq!(place, *part, "{text}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    assert_eq!(
        error(&"x".repeat(MAX_LENGTH + 1)).0,
        "a query has at most 2000 bytes"
    );
    assert_eq!(
        error(&"a ".repeat(MAX_TERMS + 1)),
        ("a query has at most 32 terms".into(), "a".into())
    );
    let values = format!("tag:{}", vec!["a"; MAX_VALUES + 1].join(","));
    assert_eq!(error(&values).0, "a term has at most 100 values");
    assert_eq!(
        error(&format!("payload{}:1", ".a".repeat(17))).0,
        "a path has at most 16 steps"
    );
    // What was typed fits, its canonical text does not.
    let dates = "created>=2026-11-25 ".repeat(MAX_TERMS) + &"x".repeat(1_300);
    assert!(dates.len() <= MAX_LENGTH);
    assert!(Query::parse(&dates).is_err());
}

#[test]
fn an_error_is_one_line_and_its_pointer_two() {
    let text = "type:é\tstat:failed";
    let error = Query::parse(text).unwrap_err();
    assert_eq!(error.to_string().lines().count(), 1);
    assert!(error.to_string().ends_with("(at byte 8)"), "{error}");
    assert_eq!(error.pointer(text), "type:é stat:failed\n       ^^^^");
}

#[test]
fn a_pointer_into_a_long_query_shows_the_part_that_matters() {
    let text = format!("{} stat:x {}", "é".repeat(500), "y".repeat(400));
    let pointer = Query::parse(&text).unwrap_err().pointer(&text);
    let (line, carets) = pointer.split_once('\n').unwrap();
    assert_eq!(line.chars().count(), 100);
    let at = carets.find('^').unwrap();
    assert_eq!(line.chars().skip(at).take(4).collect::<String>(), "stat");
    assert_eq!(&carets[at..], "^^^^");
}

#[test]
fn a_pointer_bears_a_text_that_is_not_the_one() {
    let error = Query::parse("tag:a stat:x").unwrap_err();
    assert_eq!(error.pointer("é").lines().count(), 2);
    assert_eq!(error.pointer(""), "\n^");
}
