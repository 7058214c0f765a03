//! Stopping, being killed, starting again: nothing that was accepted is lost, nothing is done twice.

mod kill;
mod retention;
mod same_job;
mod stop;
