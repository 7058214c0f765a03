//! How the values of a term are read.

use contracts::Priority;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::query::given::{Given, Value};
use crate::query::{
    BodySource, BodyTest, Condition, CountField, ElapsedField, MomentField, Operator, Order, Pattern,
    QueryError, TextTest,
};

/// Identifiers in the one form of 36 characters: what is printed is never longer than what was typed.
pub(super) fn id(given: &Given) -> Result<Condition, QueryError> {
    let read = |value: &Value| {
        Uuid::try_parse(&value.text)
            .ok()
            .filter(|_| value.text.len() == 36)
    };
    given.each("a full UUID", read).map(Condition::Id)
}

pub(super) fn job_type(given: &Given) -> Result<Condition, QueryError> {
    let expected = "a type, with * only at the end; put others in quotes";
    given.each(expected, pattern).map(Condition::Type)
}

fn pattern(value: &Value) -> Option<Pattern> {
    if value.in_quotes || !value.text.contains('*') {
        return Some(Pattern::Exact(value.text.clone()));
    }
    let prefix = value
        .text
        .strip_suffix('*')
        .filter(|prefix| !prefix.contains('*'))?;
    Some(Pattern::Prefix(prefix.to_owned()))
}

pub(super) fn state(given: &Given) -> Result<Condition, QueryError> {
    let expected = "pending, validated, scheduled, executing, retrying, completed, failed, cancelled, \
                    quarantined, held, due or stuck";
    given.parsed(expected).map(Condition::State)
}

pub(super) fn priority(given: &Given) -> Result<Condition, QueryError> {
    let read = |value: &Value| value.text.to_ascii_lowercase().parse::<Priority>().ok();
    given.each("high, normal or low", read).map(Condition::Priority)
}

pub(super) fn held(given: &Given) -> Result<Condition, QueryError> {
    given
        .parsed("paused, concurrency, rate or unique")
        .map(Condition::Held)
}

pub(super) fn fingerprint(given: &Given) -> Result<Condition, QueryError> {
    given.parsed("16 hex digits").map(Condition::Fingerprint)
}

pub(super) fn count(given: &Given, field: CountField) -> Result<Condition, QueryError> {
    const EXPECTED: &str = "a whole number";
    let read = |text: &str| text.parse().ok().filter(|_| !text.starts_with('+'));
    Ok(match given.order() {
        Some(order) => Condition::CountOrder(field, order, given.one(EXPECTED, read)?),
        None => Condition::Count(field, given.each(EXPECTED, |value| read(&value.text))?),
    })
}

pub(super) fn elapsed(given: &Given, field: ElapsedField) -> Result<Condition, QueryError> {
    let span = given.one("a span of time such as 500ms, 5m, 2h30m or 7d", |text| {
        text.parse().ok()
    })?;
    Ok(Condition::Elapsed(field, given.comparison()?, span))
}

pub(super) fn moment(given: &Given, field: MomentField) -> Result<Condition, QueryError> {
    let expected = "a date such as 2026-11-25, or a moment such as 2026-11-25T10:00:00Z";
    let order = given.comparison()?;
    let (order, moment) = given.one(expected, |text| instant(text, order).or_else(|| day(text, order)))?;
    Ok(Condition::Moment(field, order, moment))
}

/// A moment, to the microsecond as stores keep it, after the year 0.
fn instant(text: &str, order: Order) -> Option<(Order, Timestamp)> {
    const YEAR_1: i64 = -62_135_596_800;
    let moment: Timestamp = text.parse().ok()?;
    let moment = Timestamp::from_microsecond(moment.as_microsecond()).ok()?;
    (moment.as_second() >= YEAR_1).then_some((order, moment))
}

/// A date is a whole day in UTC: after it is from the next day on, up to it is to its end.
fn day(text: &str, order: Order) -> Option<(Order, Timestamp)> {
    let date: Date = text.parse().ok().filter(|_| text.len() == 10)?;
    let (order, date) = match order {
        Order::AtLeast | Order::Less => (order, date),
        Order::Greater => (Order::AtLeast, date.tomorrow().ok()?),
        Order::AtMost => (Order::Less, date.tomorrow().ok()?),
    };
    let moment = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()?;
    Some((order, moment))
}

pub(super) fn error(given: &Given) -> Condition {
    Condition::Error(match given.operator {
        Operator::Contains => TextTest::Contains(given.texts()),
        _ => TextTest::Is(given.texts()),
    })
}

pub(super) fn body(given: &Given, source: BodySource) -> Condition {
    let test = match given.operator {
        Operator::Contains => BodyTest::Contains(given.texts()),
        _ => BodyTest::Is(given.texts()),
    };
    Condition::Body {
        source,
        path: given.path.clone(),
        test,
    }
}
