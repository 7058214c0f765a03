//! The command from outside: exit codes, what is printed where, and what is left behind.

#[cfg(test)]
mod bench;
#[cfg(test)]
mod contracts;
#[cfg(test)]
mod prove;
#[cfg(test)]
mod support;
