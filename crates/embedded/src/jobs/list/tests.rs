//! Lists against the meaning of queries, with the index built in part, in full, or not at all.

mod asking;
mod world;

use std::collections::BTreeSet;

use domain::query::Query;
use proptest::strategy::{Strategy, ValueTree};
use uuid::Uuid;

use super::*;
use crate::jobs::search::index;
use crate::place::Place;
use asking::{EVERY_KIND, parse, queries};
use world::{World, now};

/// Reads a list to its end, in pages of so many jobs for which so many looks are spent.
fn read(world: &World, query: &Query, limit: usize, looks: u32) -> Vec<Uuid> {
    let (mut all, mut before) = (Vec::new(), i64::MAX);
    loop {
        let budget = Budget::Looks(looks);
        let page = page(&world.desk.connection, query, now(), before, limit, budget).unwrap();
        assert!(page.items.len() <= limit);
        all.extend(page.items.iter().map(|job| job.id));
        let Some(next) = page.next else { return all };
        let next = Place::Jobs.read(Some(&next)).unwrap();
        assert!(next < before, "{query}: no step from {before} to {next}");
        before = next;
    }
}

/// Holds lists against the meaning, and returns how many queries found something.
fn compare(world: &World, queries: &[Query]) -> usize {
    let known = world.known();
    let mut fruitful = BTreeSet::new();
    for (number, query) in queries.iter().enumerate() {
        let expected = World::matches(&known, query);
        let (limit, looks) = [(1_000_000, u32::MAX), (1_000, 700), (50, 64), (7, u32::MAX)][number % 4];
        assert_eq!(read(world, query, limit, looks), expected, "{query}");
        if !expected.is_empty() && expected.len() < known.len() {
            fruitful.insert(number);
        }
    }
    fruitful.len()
}

fn every_kind() -> Vec<Query> {
    EVERY_KIND.iter().map(|text| parse(text)).collect()
}

#[test]
fn every_field_means_what_it_says_however_far_the_index_goes() {
    let mut world = World::new();
    world.go_on(1_100);
    assert!(compare(&world, &every_kind()) > 30, "nothing is indexed");
    index(&world.desk.connection);
    world.leap(70_000);
    world.go_on(1_500);
    world = world.reopen();
    compare(&world, &every_kind());
    index(&world.desk.connection);
    world.change();
    let fruitful = compare(&world, &every_kind());
    let all = EVERY_KIND.len();
    assert!(fruitful > all * 4 / 5, "{fruitful} of {all} tell jobs apart");
    world.remove_ends();
    world.go_on(600);
    compare(&world, &every_kind());
}

#[test]
fn any_combination_means_what_it_says() {
    let mut world = World::new();
    world.go_on(1_100);
    world.leap(80_000);
    world.go_on(1_200);
    index(&world.desk.connection);
    world.go_on(500);
    world.change();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let some: Vec<Query> = (0..300)
        .map(|_| queries().new_tree(&mut runner).unwrap().current())
        .collect();
    assert!(compare(&world, &some) > 100);
}

#[test]
fn a_page_ends_when_its_work_is_done_and_goes_on_from_there() {
    let mut world = World::new();
    world.go_on(300);
    let none = parse("attempt>1000");
    let page_of = |before| {
        page(
            &world.desk.connection,
            &none,
            now(),
            before,
            10,
            Budget::Looks(100),
        )
        .unwrap()
    };
    let first = page_of(i64::MAX);
    assert_eq!((first.items.len(), first.next), (0, Some(Place::Jobs.write(201))));
    assert_eq!(page_of(201).next, Some(Place::Jobs.write(101)));
    assert_eq!(page_of(101).next, None);
}

#[test]
fn a_full_page_has_a_cursor_only_where_more_may_come() {
    let mut world = World::new();
    world.go_on(300);
    let connection = &world.desk.connection;
    let next = |text: &str, limit| {
        let query = parse(text);
        let budget = Budget::Looks(u32::MAX);
        page(connection, &query, now(), i64::MAX, limit, budget)
            .unwrap()
            .next
    };
    assert_eq!(next("", 300), None);
    assert_eq!(next("", 299), Some(Place::Jobs.write(2)));
    let executing = World::matches(&world.known(), &parse("state:executing")).len();
    assert!(executing > 1);
    assert_eq!(next("state:executing", executing), None);
    assert!(next("state:executing", executing - 1).is_some());
}

#[test]
fn chunks_that_cannot_match_are_not_looked_at() {
    let mut world = World::new();
    world.go_on(1_500);
    world.leap(300_000);
    world.go_on(2_500);
    let rare = parse("tag:\"only once\"");
    let looks = |world: &World| least(10_000, |looks| one_page(world, &rare, looks));
    let before = looks(&world);
    index(&world.desk.connection);
    let after = looks(&world);
    assert!(before > 4_000, "{before}");
    // The chunk of the job, the one that is not complete, and a look at each window.
    assert!(after < 1024 + 1024 + 10, "{after}");
}

/// The least number up to `most` that is enough, where what is enough stays so for greater ones.
fn least(most: u32, enough: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (1, most);
    while low < high {
        let middle = low.midpoint(high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// Whether everything is found within so many looks.
fn one_page(world: &World, query: &Query, looks: u32) -> bool {
    let budget = Budget::Looks(looks);
    let page = page(&world.desk.connection, query, now(), i64::MAX, 10, budget).unwrap();
    page.next.is_none()
}
