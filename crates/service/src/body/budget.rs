//! How much memory all bodies together may take.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::problem::Problem;

/// The unit of accounting, in bytes.
const UNIT: usize = 1024;

/// The memory that request bodies share. It is taken as data arrives, so that a client cannot take any by
/// announcing a large body and sending none.
#[derive(Debug)]
pub struct Budget(Semaphore);

impl Budget {
    /// A budget of so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Semaphore::new((bytes / UNIT).clamp(1, Semaphore::MAX_PERMITS)))
    }

    /// An empty share.
    pub fn share(&self) -> Share<'_> {
        Share {
            budget: &self.0,
            held: None,
            units: 0,
        }
    }
}

/// What one body takes of the budget; given back when it is dropped.
#[derive(Debug)]
pub struct Share<'b> {
    budget: &'b Semaphore,
    held: Option<SemaphorePermit<'b>>,
    units: usize,
}

impl Share<'_> {
    /// Makes the share so many bytes large.
    ///
    /// # Errors
    /// 503 when the budget does not have that much left.
    pub fn grow_to(&mut self, bytes: usize) -> Result<(), Problem> {
        let wanted = bytes.div_ceil(UNIT);
        let more = u32::try_from(wanted.saturating_sub(self.units)).unwrap_or(u32::MAX);
        if more == 0 {
            return Ok(());
        }
        let full = |_| Problem::overloaded().detail("too much data is being received");
        let permit = self.budget.try_acquire_many(more).map_err(full)?;
        match &mut self.held {
            Some(held) => held.merge(permit),
            None => self.held = Some(permit),
        }
        self.units = wanted;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_grow_until_the_budget_is_used_and_give_it_back() {
        let budget = Budget::new(4 * UNIT);
        let mut first = budget.share();
        assert!(first.grow_to(1).is_ok() && first.grow_to(UNIT).is_ok() && first.grow_to(UNIT + 1).is_ok());
        let mut second = budget.share();
        assert!(second.grow_to(2 * UNIT).is_ok());
        assert_eq!(second.grow_to(2 * UNIT + 1).unwrap_err().status(), 503);
        drop(first);
        assert!(second.grow_to(4 * UNIT).is_ok());
    }
}
