//! The rule of a schedule.

mod search;

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::fields::{CronField, FieldError, Values};
use super::zone;

/// The most firings that [`Cron::preview`] gives.
pub const MAX_PREVIEW: usize = 100;

/// The longest expression, in bytes.
const LONGEST: usize = 256;

/// The names that stand for an expression.
const ALIASES: [(&str, &str); 7] = [
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// A cron expression, read in a time zone.
///
/// Five fields (minute, hour, day of month, month, day of week), or six with the second before them, or one of
/// `@yearly`, `@monthly`, `@weekly`, `@daily`, `@hourly`. A field is `*`, a value, a range `1-5`, either with a step
/// (`*/15`, `9-17/2`, `5/20`), or several with commas; months and days of the week have names; `L` is the last day of
/// the month. Where both days are given, either of them is enough, as in every cron.
///
/// **When the clocks change.** An expression for certain hours means the clock on the wall: a time that does not exist
/// fires at the first moment after the gap, several such times once; a time that occurs twice fires the first time.
/// An expression for every hour means regular spans: it goes on through the hour that occurs twice, and a missing hour
/// is simply not there.
#[derive(Clone, Debug)]
pub struct Cron {
    expression: String,
    zone: TimeZone,
    zone_name: String,
    second: Values,
    minute: Values,
    hour: Values,
    day_of_month: Values,
    month: Values,
    day_of_week: Values,
}

/// Why a schedule's rule is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// A field is wrong.
    #[error("the {field} of the cron expression: {error}")]
    Field {
        /// Which one.
        field: CronField,
        /// Why.
        #[source]
        error: FieldError,
    },
    /// It does not have 5 or 6 fields.
    #[error(
        "a cron expression has 5 fields (minute, hour, day of month, month, day of week) or 6 with the second first, not {0}"
    )]
    FieldCount(usize),
    /// An unknown name after `@`.
    #[error(
        "unknown name `{0}`; there are @yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly"
    )]
    Alias(String),
    /// Too long to be one.
    #[error("a cron expression has at most {LONGEST} bytes")]
    TooLong,
    /// No date ever fits, such as 30 February.
    #[error("no date ever fits the cron expression")]
    Never,
    /// The time zone database does not have the zone.
    #[error("unknown time zone `{name}`{}, expected a name such as Europe/Berlin or UTC", question(.meant.as_deref()))]
    Zone {
        /// What was written.
        name: String,
        /// What may have been meant.
        meant: Option<String>,
    },
}

fn question(meant: Option<&str>) -> String {
    meant
        .map(|name| format!(" (did you mean `{name}`?)"))
        .unwrap_or_default()
}

impl Cron {
    /// Reads an expression and finds the time zone.
    ///
    /// # Errors
    /// When one of them is none, or no date ever fits.
    pub fn new(expression: &str, timezone: &str) -> Result<Self, CronError> {
        if expression.len() > LONGEST {
            return Err(CronError::TooLong);
        }
        let fields = standard_fields(expression.trim())?;
        let read = |field: CronField, at: usize| {
            Values::read(field, fields[at]).map_err(|error| CronError::Field { field, error })
        };
        let zone = zone::named(timezone).ok_or_else(|| unknown_zone(timezone))?;
        let cron = Self {
            second: read(CronField::Second, 0)?,
            minute: read(CronField::Minute, 1)?,
            hour: read(CronField::Hour, 2)?,
            day_of_month: read(CronField::DayOfMonth, 3)?,
            month: read(CronField::Month, 4)?,
            day_of_week: read(CronField::DayOfWeek, 5)?,
            expression: expression.trim().to_owned(),
            zone_name: zone.iana_name().unwrap_or(timezone).to_owned(),
            zone,
        };
        cron.next_after(Timestamp::UNIX_EPOCH).ok_or(CronError::Never)?;
        Ok(cron)
    }

    /// The expression as it was given.
    pub fn expression(&self) -> &str {
        &self.expression
    }

    /// The name of the time zone as the database writes it.
    pub fn timezone(&self) -> &str {
        &self.zone_name
    }

    /// The first `n` firings after a moment, at most [`MAX_PREVIEW`].
    pub fn preview(&self, from: Timestamp, n: usize) -> Vec<Timestamp> {
        let firings = std::iter::successors(self.next_after(from), |at| self.next_after(*at));
        firings.take(n.min(MAX_PREVIEW)).collect()
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.expression, self.zone_name)
    }
}

/// The six fields of an expression; without a second it is the first of the minute.
fn standard_fields(expression: &str) -> Result<Vec<&str>, CronError> {
    let named = ALIASES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(expression));
    let text = named.map_or(expression, |(_, text)| text);
    if text.starts_with('@') {
        return Err(CronError::Alias(text.chars().take(20).collect()));
    }
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    match fields.len() {
        6 => Ok(fields),
        5 => Ok([&["0"], fields.as_slice()].concat()),
        other => Err(CronError::FieldCount(other)),
    }
}

fn unknown_zone(name: &str) -> CronError {
    CronError::Zone {
        name: name.chars().take(64).collect(),
        meant: zone::meant(name),
    }
}
