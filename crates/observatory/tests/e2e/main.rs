//! The real program: started as a child process with a data directory and ports of its own, asked over HTTP, told
//! by signals. One file per topic.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod common;
#[cfg(test)]
mod dead_letters;
#[cfg(test)]
mod first_use;
#[cfg(test)]
mod handlers;
#[cfg(test)]
mod lifecycle;
#[cfg(test)]
mod many;
#[cfg(test)]
mod operating_errors;
#[cfg(test)]
mod services;
#[cfg(test)]
mod stream;
#[cfg(test)]
mod wire_compatibility;
#[cfg(test)]
mod wishes;
