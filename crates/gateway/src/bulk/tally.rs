//! How far a command over many things is.

use serde::Serialize;

/// What a command on one thing came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Outcome {
    /// It is done.
    Done,
    /// Its worker is asked to do it.
    Requested,
    /// Its state does not allow it.
    Conflict,
    /// It is not there.
    Unknown,
    /// It is not what it has to be.
    Invalid,
}

impl Outcome {
    /// Every outcome.
    pub(crate) const ALL: [Self; 5] = [
        Self::Done,
        Self::Requested,
        Self::Conflict,
        Self::Unknown,
        Self::Invalid,
    ];

    /// The name in answers and metrics.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Requested => "requested",
            Self::Conflict => "conflict",
            Self::Unknown => "unknown",
            Self::Invalid => "invalid",
        }
    }
}

/// How many things were seen, and what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    seen: u64,
    done: u64,
    requested: u64,
    conflict: u64,
    unknown: u64,
    /// Only where things can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    invalid: Option<u64>,
}

impl Tally {
    /// For things that may be invalid.
    pub(crate) fn of_letters() -> Self {
        Self {
            invalid: Some(0),
            ..Self::default()
        }
    }

    /// Counts one.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.seen += 1;
        *match outcome {
            Outcome::Done => &mut self.done,
            Outcome::Requested => &mut self.requested,
            Outcome::Conflict => &mut self.conflict,
            Outcome::Unknown => &mut self.unknown,
            Outcome::Invalid => self.invalid.get_or_insert(0),
        } += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_that_is_seen_is_counted_once() {
        let mut tally = Tally::default();
        for outcome in [
            Outcome::Done,
            Outcome::Done,
            Outcome::Requested,
            Outcome::Conflict,
            Outcome::Unknown,
        ] {
            tally.add(outcome);
        }
        let expected = json!({"seen": 5, "done": 2, "requested": 1, "conflict": 1, "unknown": 1});
        assert_eq!(serde_json::to_value(tally).unwrap(), expected);
    }

    #[test]
    fn names_are_those_of_answers() {
        for outcome in Outcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
    }
}
