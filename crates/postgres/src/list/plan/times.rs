//! When a match was accepted, made, changed.

use domain::query::{Condition, ElapsedField, MomentField, Order, Query, Term};
use jiff::Timestamp;

use crate::search::{Interval, Zones};

/// What has a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Accepted,
    Created,
    Updated,
}

/// When a match was accepted and made; and when it last changed.
pub(in crate::list) fn zones(query: &Query, now: Timestamp) -> (Zones, Interval) {
    let (mut zones, mut updated) = (Zones::ALWAYS, Interval::ALWAYS);
    for (field, interval) in query.terms().iter().filter_map(|term| of(term, now)) {
        let known = match field {
            Field::Accepted => &mut zones.accepted,
            Field::Created => &mut zones.created,
            Field::Updated => &mut updated,
        };
        *known = known.and(interval);
    }
    (zones, updated)
}

/// The times that a term lets through, if it is about one.
fn of(term: &Term, now: Timestamp) -> Option<(Field, Interval)> {
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
    use super::*;

    fn times(text: &str) -> (Zones, Interval) {
        let now = Timestamp::from_microsecond(100_000_000).unwrap();
        zones(&Query::parse(text).unwrap(), now)
    }

    #[test]
    fn what_is_older_was_accepted_earlier() {
        let (zones, updated) = times("age>10s -age>=50s idle<10s");
        assert_eq!((zones.accepted.from, zones.accepted.to), (49_999_999, 90_000_001));
        assert_eq!((updated.from, updated.to), (89_999_999, i64::MAX));
        assert_eq!(zones.created, Interval::ALWAYS);
    }

    #[test]
    fn moments_are_compared_as_they_are() {
        let (zones, updated) = times("created>1970-01-01T00:00:01Z -updated>1970-01-01T00:00:01Z");
        assert_eq!((zones.created.from, updated.to), (999_999, 1_000_001));
        assert_eq!(times("state:failed attempt>1"), (Zones::ALWAYS, Interval::ALWAYS));
    }
}
