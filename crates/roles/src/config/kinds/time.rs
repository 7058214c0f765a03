//! Spans of time.

use domain::duration::Span;

use crate::config::{Effective, Given, Kind};

/// A span of time within bounds, such as `5s` or `1h30m`.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// The shortest that is allowed.
    pub min: Span,
    /// The longest that is allowed.
    pub max: Span,
}

impl Kind for Time {
    type Value = Span;

    const PLACEHOLDER: &'static str = "TIME";

    fn read(&self, given: &Given) -> Result<Span, String> {
        let span: Span = given
            .text()?
            .parse()
            .map_err(|error: domain::duration::SpanError| error.to_string())?;
        if (self.min..=self.max).contains(&span) {
            return Ok(span);
        }
        Err(format!("expected a {}", self.allowed()))
    }

    fn show(&self, value: &Span) -> Effective {
        Effective::text(value)
    }

    fn allowed(&self) -> String {
        format!("time from {} to {}", self.min, self.max)
    }
}
