//! The fields of a cron expression.

use std::fmt;

/// The name of a field, in the order of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CronField {
    /// 0 to 59; left out it is 0.
    Second,
    /// 0 to 59.
    Minute,
    /// 0 to 23.
    Hour,
    /// 1 to 31, or `L` for the last of the month.
    DayOfMonth,
    /// 1 to 12, or JAN to DEC.
    Month,
    /// 0 to 7, or SUN to SAT; 0 and 7 are Sunday.
    DayOfWeek,
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

impl CronField {
    const fn range(self) -> (u8, u8) {
        match self {
            Self::Second | Self::Minute => (0, 59),
            Self::Hour => (0, 23),
            Self::DayOfMonth => (1, 31),
            Self::Month => (1, 12),
            Self::DayOfWeek => (0, 7),
        }
    }

    /// The highest value of `*`: of the two Sundays the first.
    const fn last(self) -> u8 {
        match self {
            Self::DayOfWeek => 6,
            other => other.range().1,
        }
    }

    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Month => &MONTHS,
            Self::DayOfWeek => &WEEKDAYS,
            _ => &[],
        }
    }
}

impl fmt::Display for CronField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::DayOfMonth => "day of month",
            Self::Month => "month",
            Self::DayOfWeek => "day of week",
        })
    }
}

/// Why the text of a field is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    /// It has a value that the field does not have.
    #[error("`{text}` is none of {lowest} to {highest}{}", or_names(.names))]
    Value {
        /// What was written.
        text: String,
        /// The lowest value.
        lowest: u8,
        /// The highest value.
        highest: u8,
        /// What the values are called.
        names: &'static [&'static str],
    },
    /// A range that ends before it begins.
    #[error("the range `{0}` ends before it begins")]
    Backwards(String),
    /// A step that is no number, 0, or longer than the field.
    #[error("the step of `{0}` is no number from 1 to the length of the field")]
    Step(String),
}

fn or_names(names: &[&str]) -> String {
    match (names.first(), names.last()) {
        (Some(first), Some(last)) => format!(", {first} to {last}"),
        _ => String::new(),
    }
}

/// The values of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Values {
    bits: u64,
    /// Whether the text begins with `*`: such a field leaves the choice of the day to the other one.
    pub(super) is_open: bool,
    /// Whether the last day of a month belongs to them.
    pub(super) has_last_day: bool,
}

impl Values {
    pub(super) const fn has(self, value: i8) -> bool {
        self.bits >> value & 1 == 1
    }

    /// The first value from `start` on.
    pub(super) fn from(self, start: i8) -> Option<i8> {
        let rest = self.bits >> start;
        let ahead = i8::try_from(rest.trailing_zeros()).ok()?;
        (rest != 0).then_some(start + ahead)
    }

    pub(super) fn is_every(self, field: CronField) -> bool {
        let (lowest, highest) = (field.range().0, field.last());
        (lowest..=highest).all(|value| self.bits >> value & 1 == 1)
    }

    /// Reads a field: values, ranges and steps with commas between them.
    pub(super) fn read(field: CronField, text: &str) -> Result<Self, FieldError> {
        let mut values = Self {
            is_open: text.starts_with(['*', '?']),
            ..Self::default()
        };
        for item in text.split(',') {
            if field == CronField::DayOfMonth && item.eq_ignore_ascii_case("L") {
                values.has_last_day = true;
            } else {
                values.bits |= item_bits(field, item)?;
            }
        }
        Ok(values)
    }
}

fn item_bits(field: CronField, item: &str) -> Result<u64, FieldError> {
    let (range, step) = match item.split_once('/') {
        Some((range, step)) => (range, Some(step)),
        None => (item, None),
    };
    let (first, last) = bounds(field, range, step.is_some())?;
    let length = field.last() - field.range().0 + 1;
    let by = match step.map(|step| (step, digits(step))) {
        None => 1,
        Some((_, Some(by))) if (1..=length).contains(&by) => by,
        Some(_) => return Err(FieldError::Step(item.to_owned())),
    };
    let bits = (first..=last)
        .step_by(usize::from(by))
        .fold(0, |bits, value| bits | 1 << value);
    // Of the two Sundays, the first is the one that dates are compared with.
    let sunday = if field == CronField::DayOfWeek {
        bits >> 7 & 1
    } else {
        0
    };
    Ok(bits | sunday)
}

/// The first and the last value of a range; a single value with a step goes on to the end.
fn bounds(field: CronField, range: &str, has_step: bool) -> Result<(u8, u8), FieldError> {
    let wild =
        range == "*" || (range == "?" && matches!(field, CronField::DayOfMonth | CronField::DayOfWeek));
    if wild {
        return Ok((field.range().0, field.last()));
    }
    let Some((first, last)) = range.split_once('-') else {
        let first = value(field, range)?;
        return Ok((first, if has_step { field.last().max(first) } else { first }));
    };
    let (first, last) = (value(field, first)?, value(field, last)?);
    let sunday_ends = field == CronField::DayOfWeek && last == 0 && first > 0;
    let last = if sunday_ends { 7 } else { last };
    if first > last {
        return Err(FieldError::Backwards(range.to_owned()));
    }
    Ok((first, last))
}

fn value(field: CronField, text: &str) -> Result<u8, FieldError> {
    let (lowest, highest) = field.range();
    let named = field
        .names()
        .iter()
        .position(|name| name.eq_ignore_ascii_case(text));
    let named = named
        .and_then(|position| u8::try_from(position).ok())
        .map(|position| position + lowest);
    let number = digits(text).filter(|number| (lowest..=highest).contains(number));
    named.or(number).ok_or_else(|| FieldError::Value {
        text: text.chars().take(20).collect(),
        lowest,
        highest,
        names: field.names(),
    })
}

fn digits(text: &str) -> Option<u8> {
    text.parse()
        .ok()
        .filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}
