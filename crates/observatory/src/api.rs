//! The public HTTP interface as a client sees it: no more of each body than `prove` and `bench` need.

mod gateway;
mod read_model;
mod types;

pub(crate) use gateway::{Accepted, BatchAnswer, KeyHeld};
pub(crate) use read_model::{ApiError, ReadModel, quote};
#[cfg(test)]
pub(crate) use types::HistoryPayload;
pub(crate) use types::{
    HistoryEvent, JobDetail, JobItem, LogEvent, PageLength, ScheduleDetail, Stats, TypeStats,
};
