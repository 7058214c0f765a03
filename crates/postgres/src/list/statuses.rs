//! Sets of statuses.

use contracts::JobStatus;

use crate::codes::status_code;

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

    /// Those of jobs that may have an error: their last attempt, if it has ended, did not go well.
    pub(super) fn with_error() -> Self {
        use JobStatus::{Cancelled, Executing, Failed, Quarantined, Retrying};
        let all = [Executing, Failed, Cancelled, Quarantined, Retrying];
        all.into_iter()
            .fold(Self::NONE, |set, status| set.or(status.into()))
    }

    fn those(wanted: impl Fn(JobStatus) -> bool) -> Self {
        let wanted = JobStatus::ALL.into_iter().filter(|status| wanted(*status));
        wanted.fold(Self::NONE, |set, status| set.or(status.into()))
    }

    pub(super) fn has(self, status: JobStatus) -> bool {
        self.0 & Self::from(status).0 != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
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

    /// The stored numbers.
    pub(super) fn codes(self) -> Vec<i16> {
        let all = JobStatus::ALL.into_iter().filter(|status| self.has(*status));
        all.map(status_code).collect()
    }

    /// Those of them that an index finds.
    pub(super) fn listed(self) -> Self {
        self.without(JobStatus::Executing.into())
            .without(JobStatus::Completed.into())
    }
}

impl From<JobStatus> for Statuses {
    fn from(status: JobStatus) -> Self {
        Self(1 << status_code(status).unsigned_abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_all() {
        assert_eq!(Statuses::those(|_| true), Statuses::ALL);
        assert_eq!(Statuses::ALL.codes().len(), JobStatus::ALL.len());
    }

    #[test]
    fn sets_are_added_and_taken_away() {
        let failed = Statuses::from(JobStatus::Failed);
        assert!(!Statuses::ALL.without(failed).has(JobStatus::Failed));
        assert!(Statuses::waiting().and(failed).is_empty());
        assert_eq!(Statuses::with_error().and(failed), failed);
        assert_eq!(Statuses::ALL.listed().codes(), [1, 2, 3, 9, 6, 7, 8]);
        assert_eq!(Statuses::waiting().codes(), [1, 2, 3, 9]);
    }
}
