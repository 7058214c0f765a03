//! A query as stores read it.

use contracts::Priority;
use jiff::Timestamp;
use uuid::Uuid;

use super::{BodySource, BodyTest, Path, State};
use crate::duration::Span;
use crate::fingerprint::Fingerprint;
use crate::limits::Hold;

/// One term of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Whether the condition must not hold. What is absent does not match, so `NOT` must turn an unknown of SQL
    /// into a yes.
    pub negated: bool,
    /// What is asked.
    pub condition: Condition,
}

/// What a term asks. Lists are alternatives and have one value at least.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// A part of the type, of a tag or of the error, whatever its case, or the beginning of the identifier
    /// ([`id_range`]).
    Text(Vec<String>),
    /// The identifier.
    Id(Vec<Uuid>),
    /// The type.
    Type(Vec<Pattern>),
    /// The state.
    State(Vec<State>),
    /// One of the tags.
    Tag(Vec<String>),
    /// The priority.
    Priority(Vec<Priority>),
    /// The unique key.
    Key(Vec<String>),
    /// The name of the schedule that made the job.
    Schedule(Vec<String>),
    /// Why the job is held back.
    Held(Vec<Hold>),
    /// The worker that holds the job.
    Worker(Vec<String>),
    /// The group of the error.
    Fingerprint(Vec<Fingerprint>),
    /// The error.
    Error(TextTest),
    /// A counter that is one of the values.
    Count(CountField, Vec<u32>),
    /// A counter that compares with the value.
    CountOrder(CountField, Order, u32),
    /// How long ago something was.
    Elapsed(ElapsedField, Order, Span),
    /// When something was, to the microsecond.
    Moment(MomentField, Order, Timestamp),
    /// What payload or metadata have at a path.
    Body {
        /// Which of the two.
        source: BodySource,
        /// Where in it.
        path: Path,
        /// What is asked of the value there.
        test: BodyTest,
    },
}

/// What is asked of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextTest {
    /// It is one of these.
    Is(Vec<String>),
    /// It has one of these as a part, whatever the case of the letters A to Z.
    Contains(Vec<String>),
}

/// A name, or how names begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// The name itself.
    Exact(String),
    /// Everything that begins so.
    Prefix(String),
}

/// A counter of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountField {
    /// Attempts started.
    Attempt,
    /// Attempts that failed.
    Failures,
    /// Workers that died.
    Crashes,
}

/// A moment of a job that a query measures from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ElapsedField {
    /// Since it was accepted.
    Age,
    /// Since it last changed.
    Idle,
}

/// A moment of a job that a query compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MomentField {
    /// When the client made it.
    Created,
    /// When it last changed.
    Updated,
}

/// A comparison by size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `<=`
    AtMost,
}

impl Order {
    /// As it is written, here and in SQL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Greater => ">",
            Self::AtLeast => ">=",
            Self::Less => "<",
            Self::AtMost => "<=",
        }
    }

    /// Whether `left` compares so with `right`.
    pub fn holds<T: Ord>(self, left: &T, right: &T) -> bool {
        match self {
            Self::Greater => left > right,
            Self::AtLeast => left >= right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
        }
    }

    /// The comparison seen from the other side.
    #[must_use]
    pub const fn flipped(self) -> Self {
        match self {
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
        }
    }

    /// "More than `span` ago" as a comparison of the moment itself: `age>5m` is `accepted < now - 5m`.
    pub fn bound(self, span: Span, now: Timestamp) -> (Self, Timestamp) {
        let moment = now.saturating_sub(span.get()).unwrap_or(Timestamp::MIN);
        (self.flipped(), moment)
    }
}

impl CountField {
    /// The field's name in a query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attempt => "attempt",
            Self::Failures => "failures",
            Self::Crashes => "crashes",
        }
    }
}

impl ElapsedField {
    /// The field's name in a query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Idle => "idle",
        }
    }
}

impl MomentField {
    /// The field's name in a query.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
        }
    }
}

/// How many characters of an identifier are enough to look for it.
const ID_PREFIX: usize = 8;

/// The first and the last identifier that begin with `text`, if it is the beginning of one: hyphenated, 8 characters
/// or more.
pub fn id_range(text: &str) -> Option<(Uuid, Uuid)> {
    let hyphen = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| {
        if hyphen(at) {
            byte == b'-'
        } else {
            byte.is_ascii_hexdigit()
        }
    };
    if !(ID_PREFIX..=36).contains(&text.len()) || !text.bytes().enumerate().all(fits) {
        return None;
    }
    let digits = text.replace('-', "");
    let filled = |fill: &str| Uuid::try_parse(&(digits.clone() + &fill.repeat(32 - digits.len()))).ok();
    Some((filled("0")?, filled("f")?))
}
