//! When a match was accepted, made, changed.

use domain::query::{Condition, ElapsedField, MomentField, Order, Term};
use jiff::Timestamp;

use crate::jobs::search::Interval;

/// What has a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Accepted,
    Created,
    Updated,
}

/// The times that a term lets through, if it is about one.
pub(super) fn of(term: &Term, now: Timestamp) -> Option<(Field, Interval)> {
    let (field, (order, moment)) = match &term.condition {
        Condition::Elapsed(ElapsedField::Age, order, span) => (Field::Accepted, order.bound(*span, now)),
        Condition::Elapsed(ElapsedField::Idle, order, span) => (Field::Updated, order.bound(*span, now)),
        Condition::Moment(MomentField::Created, order, moment) => (Field::Created, (*order, *moment)),
        Condition::Moment(MomentField::Updated, order, moment) => (Field::Updated, (*order, *moment)),
        _ => return None,
    };
    // Every job has these times, so that the opposite is the opposite comparison.
    let later = matches!(order, Order::Greater | Order::AtLeast) != term.negated;
    Some((field, interval(later, moment)))
}

/// Whole microseconds around the moment are let through: what is found is looked at once more.
fn interval(later: bool, moment: Timestamp) -> Interval {
    let micros = moment.as_microsecond();
    if later {
        Interval {
            from: micros.saturating_sub(1),
            ..Interval::ALWAYS
        }
    } else {
        Interval {
            to: micros.saturating_add(1),
            ..Interval::ALWAYS
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::query::Query;

    use super::*;

    fn times(text: &str) -> Vec<(Field, Interval)> {
        let now = Timestamp::from_microsecond(100_000_000).unwrap();
        let query = Query::parse(text).unwrap();
        query.terms().iter().filter_map(|term| of(term, now)).collect()
    }

    fn from(from: i64) -> Interval {
        Interval {
            from,
            ..Interval::ALWAYS
        }
    }

    fn to(to: i64) -> Interval {
        Interval {
            to,
            ..Interval::ALWAYS
        }
    }

    #[test]
    fn what_is_older_was_accepted_earlier() {
        assert_eq!(times("age>10s"), [(Field::Accepted, to(90_000_001))]);
        assert_eq!(times("-age>=10s"), [(Field::Accepted, from(89_999_999))]);
        assert_eq!(times("idle<10s"), [(Field::Updated, from(89_999_999))]);
    }

    #[test]
    fn moments_are_compared_as_they_are() {
        let second = "1970-01-01T00:00:01Z";
        assert_eq!(
            times(&format!("created>{second}")),
            [(Field::Created, from(999_999))]
        );
        assert_eq!(
            times(&format!("-updated>{second}")),
            [(Field::Updated, to(1_000_001))]
        );
        assert_eq!(times("state:failed attempt>1"), []);
    }
}
