//! Sets of statuses.

use contracts::JobStatus;

use crate::codes::status_code;
use crate::jobs::search::has_error;

/// A set of statuses: the bits of their stored numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Statuses(u16);

impl Statuses {
    pub(super) const NONE: Self = Self(0);
    pub(super) const ALL: Self = Self(0b11_1111_1110);

    /// Those of jobs that wait.
    pub(super) fn waiting() -> Self {
        Self::those(|status| !status.is_terminal() && status != JobStatus::Executing)
    }

    /// Those of jobs that may have an error.
    pub(super) fn with_error() -> Self {
        Self::those(has_error)
    }

    pub(super) fn those(wanted: impl Fn(JobStatus) -> bool) -> Self {
        let wanted = JobStatus::ALL.into_iter().filter(|status| wanted(*status));
        wanted.fold(Self::NONE, |set, status| set.or(Self::from(status)))
    }

    pub(super) fn has(self, status: JobStatus) -> bool {
        self.and(Self::from(status)) != Self::NONE
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    #[must_use]
    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[must_use]
    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// As SQL takes it: `(?1 >> status) & 1`.
    pub(super) fn bits(self) -> i64 {
        i64::from(self.0)
    }

    pub(super) fn iter(self) -> impl Iterator<Item = JobStatus> {
        JobStatus::ALL.into_iter().filter(move |status| self.has(*status))
    }
}

impl From<JobStatus> for Statuses {
    fn from(status: JobStatus) -> Self {
        Self(1 << status_code(status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_all() {
        assert_eq!(Statuses::those(|_| true), Statuses::ALL);
        assert_eq!(Statuses::ALL.iter().count(), JobStatus::ALL.len());
    }

    #[test]
    fn sets_are_added_and_taken_away() {
        let failed = Statuses::from(JobStatus::Failed);
        assert!(
            Statuses::ALL.has(JobStatus::Failed) && !Statuses::ALL.without(failed).has(JobStatus::Failed)
        );
        assert!(Statuses::waiting().and(failed).is_empty());
        assert_eq!(Statuses::with_error().and(failed), failed);
        assert_eq!(
            Statuses::waiting().iter().collect::<Vec<_>>(),
            [
                JobStatus::Pending,
                JobStatus::Validated,
                JobStatus::Scheduled,
                JobStatus::Retrying
            ]
        );
    }
}
