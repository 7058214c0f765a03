use proptest::prelude::*;
use serde_json::json;

use super::random::{jobs, queries, query_of};
use super::*;
use crate::query::{IndexTerm, MAX_INDEX_TERMS, TermKind, index_terms_of};

/// Whether the index would offer the job to the query.
fn finds(query: &Query, terms: &[IndexTerm]) -> bool {
    query
        .index_terms()
        .iter()
        .all(|clause| clause.any_of.iter().any(|term| terms.contains(term)))
}

fn kinds(text: &str) -> Vec<TermKind> {
    query(text)
        .index_terms()
        .into_iter()
        .map(|clause| clause.kind)
        .collect()
}

#[test]
fn exact_terms_can_be_found_by_the_index() {
    let text =
        "type:a,b tag:x key:k schedule:s fingerprint:cbf29ce484222325 error:e payload.a:1 metadata.a:1";
    let expected = [
        TermKind::Type,
        TermKind::Tag,
        TermKind::Key,
        TermKind::Schedule,
        TermKind::Fingerprint,
        TermKind::Fingerprint,
        TermKind::Payload,
        TermKind::Metadata,
    ];
    assert_eq!(kinds(text), expected);
    assert_eq!(query("tag:a,b").index_terms()[0].any_of.len(), 3);
}

#[test]
fn others_cannot() {
    for text in [
        "type:a,b*",
        "-tag:x",
        "error~e",
        "payload.a~1",
        "text",
        "state:failed",
        "age>1s",
        "-payload.a:1",
    ] {
        assert_eq!(kinds(text), [], "{text}");
    }
}

#[test]
fn terms_are_the_same_in_every_version() {
    let hash = |text: &str| query(text).index_terms()[0].any_of[0].hash;
    let stored = [
        ("type:email", 0xd1e9_c00a_03fa_6aa4),
        ("tag:eu", 0x28d0_cb41_f4c6_ad42),
        ("payload.user.id:42", 0x101a_0e9b_fb39_9c28),
        ("payload.user.name:Ann", 0x3760_7402_a337_2052),
        ("metadata.a:null", 0xd61c_7689_7516_1789),
    ];
    assert_eq!(stored.map(|(text, _)| (text, hash(text))), stored);
    assert_eq!(hash("payload.user.id:42"), hash("payload.user.id:42.0"));
    assert_ne!(hash("payload.a:1"), hash("metadata.a:1"));
    assert_ne!(hash("payload.a.b:c"), hash("payload.a:b.c"));
}

#[test]
fn a_job_with_more_than_the_index_takes_is_found_all_the_same() {
    let items: Vec<u32> = (0..1_000).collect();
    let tags = (0..100).map(|n| n.to_string()).collect();
    let job = Job {
        payload: json!({"items": items}),
        metadata: json!({"a": "b"}),
        tags,
        ..Job::new()
    };
    let terms = index_terms_of(&job.facts());
    assert!(terms.contains(&TermKind::Payload.overflow()) && terms.contains(&TermKind::Tag.overflow()));
    assert!(
        terms.len() < 6,
        "the term for anything else stands in place of the others"
    );
    assert!(finds(&query("payload.items.999:999 metadata.a:b tag:99"), &terms));
    assert!(
        !finds(&query("metadata.a:c"), &terms),
        "what fits is kept exactly"
    );
}

#[test]
fn the_most_that_fits_is_kept_exactly() {
    let members = |n: usize| {
        (0..n)
            .map(|n| (n.to_string(), json!(n)))
            .collect::<serde_json::Map<_, _>>()
    };
    let job = |n| Job {
        payload: Value::Object(members(n)),
        tags: Vec::new(),
        ..Job::new()
    };
    let full = index_terms_of(&job(MAX_INDEX_TERMS - 1).facts());
    assert_eq!(full.len(), MAX_INDEX_TERMS);
    assert!(!full.contains(&TermKind::Payload.overflow()));
    let over = index_terms_of(&job(MAX_INDEX_TERMS).facts());
    assert!(over.contains(&TermKind::Payload.overflow()));
}

proptest! {
    #[test]
    fn the_index_misses_nothing(query in queries(), job in jobs()) {
        let terms = index_terms_of(&job.facts());
        prop_assert!(finds(&query, &terms) || !query.matches(&job.facts(), now()));
    }

    #[test]
    fn the_index_finds_a_job_by_whatever_it_has(
        (query, job) in jobs().prop_flat_map(|job| (query_of(&job), Just(job))),
    ) {
        prop_assert!(query.matches(&job.facts(), now()), "{}", query);
        let terms = index_terms_of(&job.facts());
        prop_assert!(finds(&query, &terms), "{}", query);
        prop_assert!(terms.len() <= MAX_INDEX_TERMS && terms.is_sorted_by(|a, b| a < b));
    }
}
