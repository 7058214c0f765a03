//! The gateway as its clients meet it, in process: requests go in at the router, messages come out at a stub
//! of the bus.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod batch;
#[cfg(test)]
mod bus_trouble;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod operations;
#[cfg(test)]
mod proxies;
#[cfg(test)]
mod submit;
#[cfg(test)]
mod support;
