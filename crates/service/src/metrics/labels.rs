//! Counters by a name that clients choose, with a bound on how many names there are.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use prometheus::{IntCounter, IntCounterVec};

use super::{Metrics, MetricsError};

/// The most names that one counter tells apart.
pub const MAX_LABELS: usize = 200;

/// The name under which all further ones are counted.
pub const OTHER_LABEL: &str = "other";

/// A counter with the label `type`, of which only the first [`MAX_LABELS`] values are told apart.
#[derive(Debug)]
pub struct TypeCounter {
    family: IntCounterVec,
    known: RwLock<HashMap<String, IntCounter>>,
}

impl TypeCounter {
    /// Makes the counter.
    ///
    /// # Errors
    /// When the name is taken or no name.
    pub fn register(metrics: &Metrics, name: &str, help: &str) -> Result<Self, MetricsError> {
        Ok(Self {
            family: metrics.counters(name, help, &["type"])?,
            known: RwLock::default(),
        })
    }

    /// Counts one for a type.
    pub fn inc(&self, name: &str) {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = known.get(name) {
            counter.inc();
            return;
        }
        drop(known);
        self.admit(name).inc();
    }

    fn admit(&self, name: &str) -> IntCounter {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = known.get(name) {
            return counter.clone();
        }
        if known.len() >= MAX_LABELS {
            return self.family.with_label_values(&[OTHER_LABEL]);
        }
        let counter = self.family.with_label_values(&[name]);
        known.insert(name.to_owned(), counter.clone());
        counter
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beyond_the_bound_are_counted_together() {
        let metrics = Metrics::new("x").unwrap();
        let counter = TypeCounter::register(&metrics, "jobs_total", "Jobs.").unwrap();
        for number in 0..MAX_LABELS + 50 {
            counter.inc(&format!("type-{number}"));
        }
        counter.inc("type-0");
        let text = metrics.text().unwrap();
        assert_eq!(
            text.lines()
                .filter(|line| line.starts_with("jobs_total{"))
                .count(),
            MAX_LABELS + 1
        );
        let value = |name: &str| {
            let label = format!("type=\"{name}\"");
            let line = text.lines().find(|line| line.contains(&label)).unwrap();
            line.rsplit(' ').next().unwrap().to_owned()
        };
        assert_eq!((&*value("other"), &*value("type-0")), ("50", "2"));
    }
}
