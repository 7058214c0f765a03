//! `observatory up --target kind` and its like, with small programs in the place of docker, kind and kubectl. They keep what
//! they were told in files, and fail where a test says so.

#[cfg(test)]
mod failures;
#[cfg(test)]
mod fake;
#[cfg(test)]
mod interruptions;
#[cfg(test)]
mod runs;
