//! What narrows a search: for every chunk of 1,024 consecutive jobs, what is to be found in it.
//!
//! An index by job would be written at as many random places as a chunk has values, and cost more than the jobs
//! themselves. So the index does not say which jobs have a value but which chunks may: a search reads the rows of
//! these, and of the chunks that are not indexed yet, and holds each against [`domain::query::Query::matches`].
//!
//! What never changes of a job is indexed behind the write path, once for each chunk and never before the next one
//! has begun ([`catch_up`]); `meta` says up to where ([`watermark`]). What the writer does for it is a look at a
//! number for each job, and a short row for each job that fails ([`errors`]).
//!
//! | module | what is known of a chunk | table |
//! |---|---|---|
//! | [`filter`] | values of tags, unique keys, schedules, payload, metadata; parts of types and tags | `job_filters` |
//! | [`zone`] | when its jobs were made and accepted | `job_chunks` |
//! | [`errors`] | the groups of errors that its jobs have or had | `job_errors` |
//! | [`super::types`] | the types | `job_types` |

mod catch_up;
mod chunk;
mod digest;
mod errors;
mod filter;
mod known;
mod sweep;
mod terms;
mod watermark;
mod window;
mod zone;

pub(crate) use catch_up::CatchUp;
#[cfg(test)]
pub(super) use catch_up::index;
pub(super) use chunk::{chunk_of, range_of};
pub(super) use errors::{Errors, chunks_with_errors, has_error};
pub(super) use filter::chunks_with;
pub(super) use known::Known;
pub(super) use sweep::sweep;
pub(super) use terms::{parts, priority_term};
pub(super) use watermark::{Watermark, renumbered};
pub(super) use window::Window;
pub(super) use zone::{Interval, Zones};
