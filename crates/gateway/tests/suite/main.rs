//! The gateway as its clients meet it, in process: requests go in at the router, messages come out at stubs
//! of the bus and the stores.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod batch;
#[cfg(test)]
mod batch_keys;
#[cfg(test)]
mod bus_trouble;
#[cfg(test)]
mod command_bodies;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod later;
#[cfg(test)]
mod leaving;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod letters_many;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod matching;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod proxies;
#[cfg(test)]
mod schedule_run;
#[cfg(test)]
mod schedules;
#[cfg(test)]
mod stubs;
#[cfg(test)]
mod submit;
#[cfg(test)]
mod support;
#[cfg(test)]
mod unique;
#[cfg(test)]
mod wait;
