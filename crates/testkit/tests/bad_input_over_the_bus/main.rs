//! Messages that no door has checked: each becomes a dead letter with its reason, and the next job is done.
//!
//! A `job.created` goes to three queues. The ledger drops silently what it cannot read; the processor writes a
//! dead letter, and the metrics engine, which counts events by its own lights, writes one of its own.

#[cfg(test)]
mod documents;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod system;
