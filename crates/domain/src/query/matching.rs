//! What a term means.

use jiff::Timestamp;

use super::{Condition, CountField, ElapsedField, Facts, MomentField, Pattern, Term, TextTest, id_range};
use crate::fingerprint::fingerprint;

impl Term {
    pub(super) fn matches(&self, facts: &Facts<'_>, now: Timestamp) -> bool {
        self.condition.holds(facts, now) != self.negated
    }
}

impl Condition {
    fn holds(&self, facts: &Facts<'_>, now: Timestamp) -> bool {
        match self {
            Self::Text(parts) => parts.iter().any(|part| mentions(facts, part)),
            Self::Id(ids) => ids.contains(&facts.id),
            Self::Type(patterns) => patterns.iter().any(|pattern| pattern.fits(facts.job_type)),
            Self::State(states) => states.iter().any(|state| state.holds(facts, now)),
            Self::Tag(tags) => tags.iter().any(|tag| facts.tags.contains(tag)),
            Self::Priority(priorities) => priorities.contains(&facts.priority),
            Self::Key(keys) => among(facts.unique_key, keys),
            Self::Schedule(names) => among(facts.schedule, names),
            Self::Held(reasons) => facts.held.is_some_and(|held| reasons.contains(&held)),
            Self::Worker(workers) => among(facts.worker, workers),
            Self::Fingerprint(prints) => facts
                .error
                .is_some_and(|error| prints.contains(&fingerprint(error))),
            Self::Error(test) => facts.error.is_some_and(|error| test.holds(error)),
            Self::Count(field, values) => values.contains(&field.of(facts)),
            Self::CountOrder(field, order, value) => order.holds(&field.of(facts), value),
            Self::Elapsed(field, order, span) => {
                let (order, moment) = order.bound(*span, now);
                order.holds(&field.of(facts), &moment)
            }
            Self::Moment(field, order, moment) => order.holds(&field.of(facts), moment),
            Self::Body { source, path, test } => {
                let value = source.of(facts).and_then(|body| path.find(body));
                value.is_some_and(|value| test.holds(value))
            }
        }
    }
}

fn mentions(facts: &Facts<'_>, part: &str) -> bool {
    contains(facts.job_type, part)
        || facts.tags.iter().any(|tag| contains(tag, part))
        || facts.error.is_some_and(|error| contains(error, part))
        || id_range(part).is_some_and(|(first, last)| (first..=last).contains(&facts.id))
}

fn among(value: Option<&str>, values: &[String]) -> bool {
    value.is_some_and(|value| values.iter().any(|other| other == value))
}

/// Whether `part` is in `text`, whatever the case of the letters A to Z. Other letters have a case too, but no two
/// stores agree on it.
pub(super) fn contains(text: &str, part: &str) -> bool {
    let (text, part) = (text.as_bytes(), part.as_bytes());
    part.is_empty()
        || text
            .windows(part.len())
            .any(|window| window.eq_ignore_ascii_case(part))
}

impl TextTest {
    fn holds(&self, text: &str) -> bool {
        match self {
            Self::Is(texts) => texts.iter().any(|other| other == text),
            Self::Contains(parts) => parts.iter().any(|part| contains(text, part)),
        }
    }
}

impl Pattern {
    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == name,
            Self::Prefix(prefix) => name.starts_with(prefix),
        }
    }
}

impl CountField {
    fn of(self, facts: &Facts<'_>) -> u32 {
        match self {
            Self::Attempt => facts.attempt,
            Self::Failures => facts.failures,
            Self::Crashes => facts.crashes,
        }
    }
}

impl ElapsedField {
    fn of(self, facts: &Facts<'_>) -> Timestamp {
        match self {
            Self::Age => facts.accepted_at,
            Self::Idle => facts.updated_at,
        }
    }
}

impl MomentField {
    fn of(self, facts: &Facts<'_>) -> Timestamp {
        match self {
            Self::Created => facts.created_at,
            Self::Updated => facts.updated_at,
        }
    }
}
