//! What must hold for a change to be made.

use domain::schedule::Schedule;
use jiff::Timestamp;

/// What must be true of the schedule under a name for it to be replaced: several gateways may read and write at once,
/// and none may undo what it has not seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// Nothing.
    Always,
    /// There is none.
    Absent,
    /// It is there, and was last changed at this moment ([`Schedule::updated_at`]).
    UpdatedAt(Timestamp),
}

impl Precondition {
    /// Whether it holds where `kept` is what is there.
    pub fn holds(self, kept: Option<&Schedule>) -> bool {
        match self {
            Self::Always => true,
            Self::Absent => kept.is_none(),
            Self::UpdatedAt(at) => kept.is_some_and(|kept| kept.updated_at == at),
        }
    }
}
