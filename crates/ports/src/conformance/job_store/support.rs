//! Jobs, moments and a store that is asked with limits.

mod claims;
mod clients;
mod crowd;
mod jobs;
mod plans;
mod questions;
mod store;

use crate::JobStore;

pub(super) use claims::{Turn, claims_of, passed, published, started, waits};
pub(super) use clients::{at_most, paused, rate};
pub(super) use crowd::most_at_once;
pub(super) use jobs::{
    LATER, announced, at, at_micros, completed, dispatched, event_of, failed, id, job, jobs, jobs_of, keyed,
    kinds, query, result, retry, ticket, wish,
};
pub(super) use plans::{plan, planned, template, ten, told};
pub(super) use store::Store;

/// What the cases of this suite are given.
pub(super) type StoreHarness = dyn super::super::Harness<dyn JobStore>;
