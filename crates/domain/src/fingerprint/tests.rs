use proptest::prelude::*;

use super::*;

#[test]
fn the_details_of_one_occurrence_are_taken_out() {
    for (error, title) in [
        (
            "timeout after 30s calling 10.0.0.7:5432",
            "timeout after <n>s calling <address>",
        ),
        (
            "job 0199a3f2-7c1e-7000-8000-0123456789ab is gone",
            "job <uuid> is gone",
        ),
        ("at 2026-11-25T10:00:00.123Z: refused", "at <time>: refused"),
        ("at 2026-11-25 10:00:00+01:00, refused", "at <time>, refused"),
        ("due 2026-11-25.", "due <time>."),
        (
            "no user \"ann\" in 'eu' or `us`",
            "no user <text> in <text> or <text>",
        ),
        (
            "panicked at 0x7ffe01, commit 9f86d081884c7d65",
            "panicked at <hex>, commit <hex>",
        ),
        ("worker-7 of node12 at 3.14", "worker-<n> of node<n> at <n>"),
        ("  a\n\t b  ", "a b"),
        ("", ""),
    ] {
        assert_eq!(normalised(error), title, "{error}");
    }
}

#[test]
fn what_only_looks_like_a_detail_stays() {
    for error in [
        "can't open the door, don't ask",
        "deadbeef and facade",
        "an open \"quote",
    ] {
        assert_eq!(normalised(error), error);
    }
}

#[test]
fn one_cause_is_one_group_and_another_cause_another() {
    assert_eq!(
        fingerprint("HTTP 500 from 'https://a'"),
        fingerprint("HTTP 503 from 'https://b'")
    );
    assert_ne!(fingerprint("connection refused"), fingerprint("connection reset"));
}

#[test]
fn fingerprints_are_the_same_in_every_version() {
    assert_eq!(fingerprint("").to_string(), "cbf29ce484222325");
    assert_eq!(fingerprint("timeout after 30s").to_string(), STORED);
}

/// Stored by earlier versions: if this changes, the groups of every store fall apart.
const STORED: &str = "e727059269b3bfab";

#[test]
fn a_fingerprint_reads_as_it_prints() {
    let print = fingerprint("x");
    assert_eq!(print.to_string().parse(), Ok(print));
    assert_eq!(serde_json::to_string(&print).unwrap(), format!("\"{print}\""));
    for text in [
        "",
        "12",
        "+123456789abcdef",
        "0123456789abcdeg",
        "0123456789abcdef0",
    ] {
        assert_eq!(text.parse::<Fingerprint>(), Err(InvalidFingerprint));
    }
}

proptest! {
    #[test]
    fn titles_are_bounded_and_of_one_line(error in "[a-f0-9 \"'`.:TZx\\-é\n]{0,300}|\\PC{0,300}") {
        let title = normalised(&error);
        prop_assert!(title.chars().count() <= TITLE_LIMIT);
        prop_assert!(!title.contains(['\n', '\t', '\0']));
    }

    #[test]
    fn numbers_and_identifiers_do_not_tell_errors_apart(a: u64, b: u64, x: u128, y: u128) {
        let error = |n: u64, id: u128| format!("job {} failed after {n} attempts", uuid::Uuid::from_u128(id));
        prop_assert_eq!(fingerprint(&error(a, x)), fingerprint(&error(b, y)));
    }
}
