//! `up --target services`, with small programs in the place of the roles. What the roles themselves do is tested with
//! them.

mod fakes;
mod starting;
mod stopping;
