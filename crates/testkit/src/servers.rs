//! Servers in containers, for tests of adapters and of the whole system.
//!
//! A server ends with the process that started it, however that ends: a [reaper](reaper::Reaper) waits for it. So a
//! server may live in a `static` and serve every test of a binary.
//!
//! Tests that need a container engine fail without one. [`WITHOUT`]`=1` makes them say that they are skipped.

mod docker;
mod probe;
mod reaper;
mod server;
mod spec;

mod mongodb;
mod postgres;
mod rabbitmq;
mod redis;

pub use docker::DockerError;
pub use mongodb::MongoDbServer;
pub use postgres::PostgresServer;
pub use probe::Probe;
pub use rabbitmq::RabbitMqServer;
pub use redis::RedisServer;
pub use server::Server;
pub use spec::Spec;

use std::io::Write;

/// The variable that lets tests which need containers be skipped.
pub const WITHOUT: &str = "OBSERVATORY_WITHOUT_CONTAINERS";

/// Ends this process as a success, with a word on what was not tested, where [`WITHOUT`] is set.
pub fn skip_if_told() {
    if std::env::var_os(WITHOUT).is_some_and(|value| value == "1") {
        let binary = std::env::args().next().unwrap_or_default();
        // Past the capture of a test's output: this is for the person who reads the log.
        let _unread = writeln!(std::io::stderr(), "SKIPPED, {WITHOUT}=1: all of {binary}");
        std::process::exit(0);
    }
}
