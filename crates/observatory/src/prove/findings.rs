//! What a run finds wrong.

use std::fmt;

use serde::{Serialize, Serializer};

/// How many offenders a report names.
const NAMED: usize = 20;

/// The ways in which the promise can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Breach {
    /// An accepted job is unknown, or never ended.
    Lost,
    /// A transition of a job happened twice.
    State,
    /// The event log has an event twice, or one that never happened.
    Event,
    /// The event log lacks an event.
    Missing,
    /// A counter differs from what it counts.
    Counter,
    /// Anything else that should not be.
    Unexpected,
}

/// One thing found wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Offence {
    /// Which way.
    pub(crate) breach: Breach,
    /// The job, or what else it is about.
    pub(crate) subject: String,
    /// What exactly.
    pub(crate) reason: String,
}

/// Everything found wrong: all counted, the first few named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    counts: [u64; 6],
    named: Vec<Offence>,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Lost => "lost",
            Self::State => "duplicated state",
            Self::Event => "duplicated event",
            Self::Missing => "missing event",
            Self::Counter => "wrong counter",
            Self::Unexpected => "unexpected",
        })
    }
}

/// The first few, as a list.
impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.named.serialize(serializer)
    }
}

impl Findings {
    /// Adds one.
    pub(crate) fn add(&mut self, breach: Breach, subject: impl fmt::Display, reason: impl Into<String>) {
        self.push(Offence {
            breach,
            subject: subject.to_string(),
            reason: reason.into(),
        });
    }

    /// Adds another run's.
    pub(crate) fn merge(&mut self, other: Self) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            *mine += theirs;
        }
        let room = NAMED.saturating_sub(self.named.len());
        self.named.extend(other.named.into_iter().take(room));
    }

    /// How many there are of one sort.
    pub(crate) fn count(&self, breach: Breach) -> u64 {
        self.counts[breach as usize]
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| *count == 0)
    }

    /// The first few.
    pub(crate) fn named(&self) -> &[Offence] {
        &self.named
    }

    fn push(&mut self, offence: Offence) {
        self.counts[offence.breach as usize] += 1;
        if self.named.len() < NAMED {
            self.named.push(offence);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_named() {
        let mut findings = Findings::default();
        assert!(findings.is_empty());
        for n in 0..15 {
            findings.add(Breach::Lost, n, "gone");
        }
        let mut all = findings.clone();
        all.merge(findings);
        all.add(Breach::Counter, "totals", "off by one");
        assert_eq!((all.count(Breach::Lost), all.count(Breach::Counter)), (30, 1));
        assert_eq!(all.count(Breach::Event), 0);
        assert_eq!(all.named().len(), NAMED);
        assert!(!all.is_empty());
    }
}
