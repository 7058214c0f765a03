//! Reading what comes back.

use jiff::Timestamp;
use serde_json::Value;

/// A member that must be text; empty where it is something else.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A member that must be a count.
pub(crate) fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

/// A member that must be a moment.
pub(crate) fn moment(value: &Value) -> Timestamp {
    text(value)
        .parse()
        .unwrap_or_else(|_| panic!("{value} is no moment"))
}

/// The sum over all series of a metric; `None` where there is none.
pub(crate) fn metric(metrics: &str, name: &str) -> Option<f64> {
    let series = metrics.lines().filter(|line| {
        let rest = line.strip_prefix(name);
        rest.is_some_and(|rest| rest.starts_with('{') || rest.starts_with(' '))
    });
    series
        .map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap())
        .reduce(|sum, value| sum + value)
}
