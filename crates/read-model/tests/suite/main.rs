//! The read model as its clients meet it, in process, on stubs of the four ports.

#[cfg(test)]
mod alerts;
#[cfg(test)]
mod bad_queries;
#[cfg(test)]
mod degraded;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod events;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod listener;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod stats;
#[cfg(test)]
mod stream;
#[cfg(test)]
mod stubs;
#[cfg(test)]
mod support;
#[cfg(test)]
mod timeline;
