//! The memory that a load took.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::child::Memory;
use crate::up::Target;

/// Resident memory, in mebibytes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(super) enum Rss {
    /// Of the one process.
    One(Usage),
    /// Of each process, by its role.
    Roles(BTreeMap<String, Usage>),
}

/// One process's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct Usage {
    /// Before the load.
    pub(super) idle: f64,
    /// The most there ever was.
    pub(super) peak: f64,
}

impl Rss {
    /// From what was seen of each process before and after the load; none where nothing was.
    pub(super) fn between(
        target: Target,
        before: &[(String, Memory)],
        after: &[(String, Memory)],
    ) -> Option<Self> {
        let usage = |(name, after): &(String, Memory)| {
            let before = before.iter().find(|(known, _)| known == name);
            let (_, before) = before?;
            Some((name.clone(), Usage::between(*before, *after)))
        };
        let mut all: BTreeMap<String, Usage> = after.iter().filter_map(usage).collect();
        match target {
            Target::Embedded => all.pop_first().map(|(_, usage)| Self::One(usage)),
            Target::Services | Target::Kind | Target::Cluster => {
                (!all.is_empty()).then_some(Self::Roles(all))
            }
        }
    }
}

impl Usage {
    fn between(before: Memory, after: Memory) -> Self {
        let rounded = |mebibytes: f64| (mebibytes * 10.0).round() / 10.0;
        Self {
            idle: rounded(before.resident),
            peak: rounded(after.peak),
        }
    }
}

impl fmt::Display for Rss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |name: &str, usage: &Usage| {
            let Usage { idle, peak } = usage;
            writeln!(f, "  {name:<15}{idle:>7.1} MiB idle, {peak:.1} MiB at most")
        };
        match self {
            Self::One(usage) => line("memory", usage),
            Self::Roles(roles) => roles.iter().try_for_each(|(name, usage)| line(name, usage)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(name: &str, resident: f64, peak: f64) -> (String, Memory) {
        (name.to_owned(), Memory { resident, peak })
    }

    #[test]
    fn each_process_has_its_own_and_one_that_is_new_none() {
        let before = [seen("gateway", 10.04, 11.0), seen("processor-1", 20.0, 21.0)];
        let after = [seen("gateway", 12.0, 15.26), seen("web-ui", 5.0, 5.0)];
        let rss = Rss::between(Target::Services, &before, &after).unwrap();
        let expected = serde_json::json!({"gateway": {"idle": 10.0, "peak": 15.3}});
        assert_eq!(serde_json::to_value(&rss).unwrap(), expected);
        assert_eq!(
            rss.to_string(),
            "  gateway           10.0 MiB idle, 15.3 MiB at most\n"
        );
        assert_eq!(Rss::between(Target::Services, &before, &[]), None);
    }

    #[test]
    fn one_process_needs_no_name() {
        let before = [seen("observatory", 30.5, 31.0)];
        let after = [seen("observatory", 50.0, 81.2)];
        let rss = Rss::between(Target::Embedded, &before, &after);
        let usage = Usage {
            idle: 30.5,
            peak: 81.2,
        };
        assert_eq!(rss, Some(Rss::One(usage)));
    }
}
