//! The command from outside: exit codes, what is printed where, and what is left behind.

mod bench;
mod contracts;
mod prove;
mod support;
