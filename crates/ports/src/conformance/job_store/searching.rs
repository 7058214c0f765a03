//! Lists of what a query finds, held against [`domain::query::Query::matches`] on the facts.

mod lives;
mod many;
mod queries;
mod world;

use std::collections::BTreeSet;

use domain::query::{FIELDS, Query};

use self::queries::{examples, random};
use self::world::{World, now};
use super::support::{StoreHarness, query};

/// The sizes of pages that lists are read in.
const SIZES: [usize; 5] = [1000, 1, 10, 64, 3];

/// Asserts that a list, read to its end in pages of `size`, has exactly the jobs that match, newest first, each
/// as it is.
async fn assert_found(world: &World, query: &Query, size: usize) {
    let found = world.store.read_from(query, now(), None, size).await;
    let expected = world.matching(query);
    let ids: Vec<_> = found.iter().map(|summary| summary.id).collect();
    let (all, wanted): (BTreeSet<_>, BTreeSet<_>) = (ids.iter().collect(), expected.iter().collect());
    let (surplus, missing): (Vec<_>, Vec<_>) = (
        all.difference(&wanted).collect(),
        wanted.difference(&all).collect(),
    );
    assert_eq!(
        (surplus.len(), missing.len()),
        (0, 0),
        "`{query}` in pages of {size} also finds {surplus:?} and does not find {missing:?}"
    );
    assert_eq!(ids, expected, "the order of `{query}` in pages of {size}");
    for summary in found {
        assert_eq!(summary, world.summary(summary.id), "`{query}`");
    }
}

/// Every field with every operator that it takes, for values that some of the jobs have.
pub async fn every_field_finds_what_matches(harness: &StoreHarness) {
    let world = World::of(harness, 1, 120).await;
    for field in FIELDS {
        let mut telling = 0;
        for (text, size) in examples(field, &world)
            .into_iter()
            .zip([1000, 64, 10].into_iter().cycle())
        {
            for text in [text.clone(), format!("-{text}")] {
                let query = query(&text);
                assert_found(&world, &query, size).await;
                let count = world.matching(&query).len();
                telling += usize::from(count > 0 && count < world.len());
            }
        }
        assert!(telling > 0, "no example of `{}` tells jobs apart", field.name);
    }
}

/// Queries of up to five terms over jobs of every kind and state.
pub async fn random_queries_find_what_matches(harness: &StoreHarness) {
    for seed in 1..=2 {
        let mut world = World::of(harness, seed, 150).await;
        let mut sizes = BTreeSet::new();
        for number in 0..120 {
            let query = random(&mut world);
            let size = SIZES[number % SIZES.len()];
            sizes.insert(world.matching(&query).len());
            assert_found(&world, &query, size).await;
        }
        assert!(sizes.len() > 10, "the queries find {sizes:?} jobs");
    }
}

/// Thousands of jobs, most of which do not match: an index may help, and must neither lose a match nor make one up.
pub async fn a_query_finds_what_matches_among_thousands(harness: &StoreHarness) {
    let mut world = World::of_many(harness, 4, 5_000).await;
    for round in 0..2 {
        for number in 0..40 {
            let query = random(&mut world);
            assert_found(&world, &query, [1000, 100][number % 2]).await;
        }
        if round == 0 {
            world = world.reopen(harness).await;
        }
    }
}

/// What is written behind the write path is found as soon as it is there, and after a crash.
pub async fn a_query_finds_what_has_just_changed(harness: &StoreHarness) {
    let mut world = World::of(harness, 9, 60).await;
    for round in 0..6 {
        for _ in 0..10 {
            world.grow().await;
            world.refresh().await;
            for _ in 0..3 {
                let query = random(&mut world);
                assert_found(&world, &query, 10).await;
            }
        }
        if round % 2 == 1 {
            world = world.reopen(harness).await;
        }
    }
}

/// A reader of matches sees each job that was there and did not change once, whatever arrives and changes meanwhile.
pub async fn pages_of_a_query_stay_stable_while_jobs_arrive(harness: &StoreHarness) {
    let mut world = World::of(harness, 5, 80).await;
    let query = query("tag:eu,EU,42,true,null,\"a b\"");
    let before = world.matching(&query);
    assert!(before.len() > 10, "{} jobs match", before.len());
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = world.store.list_at(&query, now(), cursor.as_ref(), 3).await;
        seen.extend(page.items.into_iter().map(|summary| summary.id));
        world.grow().await;
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, before);
}

/// A cursor is a place in the arrival of jobs: what another query finds from there on still matches that query.
pub async fn a_cursor_of_another_query_finds_no_more_than_matches(harness: &StoreHarness) {
    let world = World::of(harness, 7, 80).await;
    let first = world.store.list_at(&query(""), now(), None, 20).await;
    let cursor = first.next.unwrap_or_else(|| panic!("60 more jobs are there"));
    for text in ["state:completed", "tag:eu", "type:echo payload.a:42", "-error~a"] {
        let query = query(text);
        let answer = world.store.0.list(&query, now(), Some(&cursor), 1000).await;
        let Ok(page) = answer else { continue };
        let matching = world.matching(&query);
        for summary in page.items {
            assert!(
                matching.contains(&summary.id),
                "`{text}` does not match {summary:?}"
            );
        }
    }
}
