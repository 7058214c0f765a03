//! What the writer thread does for others.

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::Failure;

/// Where in its group an operation runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// In the order of arrival.
    Arrival,
    /// After all others: for what is cheaper to do, or need not be done at all, once they are done.
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
    fn write(&self, connection: &Connection) -> Result<(), Failure>;

    /// The last write went into a commit.
    fn committed(&self);

    /// The last write was rolled back, and another one follows.
    fn rolled_back(&self);

    /// The last write failed for good.
    fn refused(&self, failure: &Failure);

    /// Writes what should outlive a shutdown in order, in the last transaction.
    fn farewell(&self, connection: &Connection) -> Result<(), Failure>;
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
