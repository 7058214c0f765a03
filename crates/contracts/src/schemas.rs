//! The JSON Schemas, compiled into the program: the single source of truth for everything on the wire.

/// One schema document.
#[derive(Clone, Copy, Debug)]
pub struct SchemaFile {
    /// The name under `schemas/`, without the extension.
    pub name: &'static str,
    /// The document's text.
    pub text: &'static str,
}

macro_rules! schema {
    ($name:literal) => {
        SchemaFile {
            name: $name,
            text: include_str!(concat!("../schemas/", $name, ".json")),
        }
    };
}

/// The envelope of every event.
pub const EVENT_ENVELOPE: SchemaFile = schema!("event-envelope");
/// A job in an event.
pub const JOB: SchemaFile = schema!("job");
/// What a client posts.
pub const JOB_SUBMISSION: SchemaFile = schema!("job-submission");
/// What a client gets for it.
pub const JOB_ACCEPTED: SchemaFile = schema!("job-accepted");
/// What stands in the dead-letter queue.
pub const DEAD_LETTER: SchemaFile = schema!("dead-letter");

/// Every schema, by name.
pub const ALL: [SchemaFile; 5] = [DEAD_LETTER, EVENT_ENVELOPE, JOB, JOB_ACCEPTED, JOB_SUBMISSION];
