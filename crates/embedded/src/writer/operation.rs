//! What the writer thread does for others.

use std::sync::Arc;

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::Failure;

/// Where in its group an operation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// In the order of arrival.
    Arrival,
    /// After all others, and a few milliseconds late: for what need not be done at all once they are done.
    Late,
}

/// A piece of work in a transaction.
pub(crate) trait Operation: Send {
    /// Does the work. Called again, from scratch, when the group was rolled back for whatever reason.
    fn run(&mut self, connection: &Connection) -> Result<(), Failure>;

    /// Answers whoever waits, on the writer thread, in the order of the group, after the commit.
    fn end(self: Box<Self>, outcome: Result<(), Failure>);
}

/// Somebody who takes part in every group.
pub(crate) trait Attendant: Send + Sync {
    /// Writes what is pending. May be called again after [`Attendant::rolled_back`].
    fn write(&self, _: &Connection) -> Result<(), Failure> {
        Ok(())
    }

    /// The last write went into a commit.
    fn committed(&self) {}

    /// The transaction was rolled back, in part or as a whole; another write follows unless
    /// [`Attendant::refused`] does.
    fn rolled_back(&self) {}

    /// The last write, which was rolled back, failed for good.
    fn refused(&self, _: &Failure) {}

    /// Writes what should outlive a shutdown in order, in the last transaction.
    fn farewell(&self, _: &Connection) -> Result<(), Failure> {
        Ok(())
    }
}

/// Several attendants as one.
pub(crate) struct Attendants(pub(crate) Vec<Arc<dyn Attendant>>);

impl Attendant for Attendants {
    fn write(&self, connection: &Connection) -> Result<(), Failure> {
        self.0
            .iter()
            .try_for_each(|attendant| attendant.write(connection))
    }

    fn committed(&self) {
        self.0.iter().for_each(|attendant| attendant.committed());
    }

    fn rolled_back(&self) {
        self.0.iter().for_each(|attendant| attendant.rolled_back());
    }

    fn refused(&self, failure: &Failure) {
        self.0.iter().for_each(|attendant| attendant.refused(failure));
    }

    fn farewell(&self, connection: &Connection) -> Result<(), Failure> {
        self.0
            .iter()
            .try_for_each(|attendant| attendant.farewell(connection))
    }
}

struct Call<T, W> {
    work: W,
    value: Option<T>,
    answer: oneshot::Sender<Result<T, Failure>>,
}

impl<T, W> Operation for Call<T, W>
where
    T: Send,
    W: FnMut(&Connection) -> Result<T, Failure> + Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.value = Some((self.work)(connection)?);
        Ok(())
    }

    fn end(self: Box<Self>, outcome: Result<(), Failure>) {
        let Self { value, answer, .. } = *self;
        let value = outcome.and_then(|()| value.ok_or_else(Failure::closed));
        // A caller that went away does not take its work back.
        let _ = answer.send(value);
    }
}

/// An operation that sends what `work` returns once it is durable.
pub(crate) fn call<T, W>(work: W) -> (Box<dyn Operation>, oneshot::Receiver<Result<T, Failure>>)
where
    T: Send + 'static,
    W: FnMut(&Connection) -> Result<T, Failure> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let operation = Call {
        work,
        value: None,
        answer,
    };
    (Box::new(operation), answered)
}
