//! All five programs on real servers: what a person does with them, and what happens when a part goes away.

#[cfg(test)]
#[path = "../programs/support.rs"]
mod support;

#[cfg(test)]
mod losses;
#[cfg(test)]
mod system;
#[cfg(test)]
mod whole;
