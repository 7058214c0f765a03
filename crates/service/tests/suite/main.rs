//! The shared parts as their users meet them: over HTTP.

#[cfg(test)]
mod client;
#[cfg(test)]
mod edge;
#[cfg(test)]
mod server;
#[cfg(test)]
mod server_limits;
#[cfg(test)]
mod support;
