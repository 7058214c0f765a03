//! A message with what reading it as an event gave.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use contracts::{Envelope, Job, Rejection};

use super::Message;
use crate::NewJob;

/// An event of the contract and the job that it is about.
#[derive(Debug)]
pub struct Event {
    /// The envelope, its payload as text.
    pub envelope: Envelope,
    /// The payload as a job.
    pub job: Job,
}

impl Event {
    fn read(body: &[u8]) -> Result<Self, Rejection> {
        let envelope = Envelope::from_slice(body)?;
        let job = envelope.job()?;
        Ok(Self { envelope, job })
    }
}

/// A message as it is published and delivered: read as an event once, however many queues it is on, and not at
/// all where its publisher, in the same process, had the event in hand.
#[derive(Debug)]
pub struct Parcel {
    message: Message,
    event: OnceLock<Result<Event, Rejection>>,
    job: OnceLock<Arc<NewJob>>,
}

impl Parcel {
    /// The message of an event that is at hand. `make` gets the event's body, so that what consumers are told is
    /// what they would read.
    ///
    /// # Errors
    /// None in practice: an event is plain data. The error is kept because the serializer has one.
    pub fn of(event: Event, make: impl FnOnce(Vec<u8>) -> Message) -> Result<Arc<Self>, serde_json::Error> {
        let message = make(serde_json::to_vec(&event.envelope)?);
        Ok(Arc::new(Self {
            message,
            event: OnceLock::from(Ok(event)),
            job: OnceLock::new(),
        }))
    }

    /// The message as an event of the contract.
    ///
    /// # Errors
    /// Why it is none: the reason for the dead letter.
    pub fn event(&self) -> Result<&Event, &Rejection> {
        self.event
            .get_or_init(|| Event::read(&self.message.body))
            .as_ref()
    }

    /// The job that the message announces, as stores take it.
    ///
    /// # Errors
    /// As [`Parcel::event`].
    pub fn new_job(&self) -> Result<Arc<NewJob>, &Rejection> {
        let event = self.event()?;
        let make = || Arc::new(NewJob::of(event, &self.message.headers));
        Ok(Arc::clone(self.job.get_or_init(make)))
    }
}

impl From<Message> for Parcel {
    fn from(message: Message) -> Self {
        Self {
            message,
            event: OnceLock::new(),
            job: OnceLock::new(),
        }
    }
}

impl From<Message> for Arc<Parcel> {
    fn from(message: Message) -> Self {
        Self::new(message.into())
    }
}

/// Messages as they are published.
pub fn parcels(messages: impl IntoIterator<Item = Message>) -> Vec<Arc<Parcel>> {
    messages.into_iter().map(Arc::from).collect()
}

impl PartialEq for Parcel {
    fn eq(&self, other: &Self) -> bool {
        self.message == other.message
    }
}

impl Eq for Parcel {}

impl Deref for Parcel {
    type Target = Message;

    fn deref(&self) -> &Message {
        &self.message
    }
}
