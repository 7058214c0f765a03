use std::collections::BTreeSet;

use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan, civil};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// An expression as the sets of its values, and its text.
#[derive(Clone, Debug)]
struct Expression {
    minutes: BTreeSet<i8>,
    hours: BTreeSet<i8>,
    weekdays: BTreeSet<i8>,
}

impl Expression {
    fn text(&self) -> String {
        let list = |values: &BTreeSet<i8>| {
            let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
            texts.join(",")
        };
        format!(
            "{} {} * * {}",
            list(&self.minutes),
            list(&self.hours),
            list(&self.weekdays)
        )
    }

    fn fits(&self, time: civil::DateTime) -> bool {
        self.minutes.contains(&time.minute())
            && self.hours.contains(&time.hour())
            && self.weekdays.contains(&time.weekday().to_sunday_zero_offset())
    }

    /// Every firing of some days, by trying every minute.
    fn tried(&self, zone: &TimeZone, first: civil::Date, days: i32) -> BTreeSet<Timestamp> {
        let minutes = (0..days * 24 * 60).map(|minute| first.at(0, 0, 0, 0) + i64::from(minute).minutes());
        let times = minutes.filter(|time| self.fits(*time));
        match self.hours.len() {
            24 => times.flat_map(|time| every_moment(zone, time)).collect(),
            _ => times.map(|time| first_moment(zone, time)).collect(),
        }
    }
}

fn every_moment(zone: &TimeZone, time: civil::DateTime) -> Vec<Timestamp> {
    let ambiguous = zone.to_ambiguous_timestamp(time);
    match ambiguous.offset() {
        AmbiguousOffset::Gap { .. } => Vec::new(),
        _ => vec![ambiguous.earlier().unwrap(), ambiguous.later().unwrap()],
    }
}

fn first_moment(zone: &TimeZone, time: civil::DateTime) -> Timestamp {
    let exists = |time: &civil::DateTime| !every_moment(zone, *time).is_empty();
    let mut times = (0..).map(|minutes: i64| time + minutes.minutes());
    every_moment(zone, times.find(exists).unwrap())[0]
}

fn some(values: std::ops::Range<i8>, most: usize) -> impl Strategy<Value = BTreeSet<i8>> {
    prop::collection::btree_set(values, 1..=most)
}

fn expressions() -> impl Strategy<Value = Expression> {
    let hours = prop_oneof![3 => some(0..5, 4), 1 => some(0..24, 4), 1 => Just((0..24).collect())];
    (some(0..60, 4), hours, some(0..7, 7)).prop_map(|(minutes, hours, weekdays)| Expression {
        minutes,
        hours,
        weekdays,
    })
}

/// Zones and dates at which the clock was changed there, by an hour, by half an hour, at midnight.
fn changes() -> impl Strategy<Value = (&'static str, &'static str)> {
    select(vec![
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2026-03-08"),
        ("America/New_York", "2026-11-01"),
        ("Australia/Lord_Howe", "2026-04-05"),
        ("Australia/Lord_Howe", "2026-10-04"),
        ("America/Havana", "2026-03-08"),
        ("America/Havana", "2026-11-01"),
        ("Africa/Cairo", "2026-04-24"),
        ("UTC", "2026-12-31"),
    ])
}

proptest! {
    #[test]
    fn the_search_finds_what_trying_every_minute_finds(expression in expressions(), (zone, day) in changes()) {
        let rule = cron(&expression.text(), zone);
        let first = day.parse::<civil::Date>().unwrap() - 1.days();
        let zone = zone::named(zone).unwrap();
        let expected = expression.tried(&zone, first, 4);
        let start = zone.to_timestamp(first.at(0, 0, 0, 0)).unwrap() - SignedDuration::from_secs(1);
        let found: Vec<Timestamp> = std::iter::successors(rule.next_after(start), |at| rule.next_after(*at))
            .take_while(|at| Some(at) <= expected.last())
            .collect();
        prop_assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{}", rule);
    }

    #[test]
    fn no_expression_is_a_panic(text in "[0-9a-zL*/,? @\\-]{0,30}|(\\PC{0,6} ){5}", from: i64) {
        if let (Ok(rule), Ok(from)) = (Cron::new(&text, "Europe/Berlin"), Timestamp::from_microsecond(from)) {
            prop_assert!(rule.next_after(from).is_none_or(|next| next > from));
        }
    }
}
