//! Programs that end by themselves, and servers that are nowhere.

use std::process::Output;

use super::support::command;

/// Servers that are nowhere: nobody listens on port 1.
pub(crate) const AWAY: [(&str, &str); 4] = [
    ("RABBITMQ_URL", "amqp://me:secret@127.0.0.1:1"),
    ("POSTGRES_URL", "postgres://me:secret@127.0.0.1:1/jobs"),
    ("REDIS_URL", "redis://:secret@127.0.0.1:1"),
    ("MONGO_URL", "mongodb://me:secret@127.0.0.1:1"),
];

/// Runs a program to its end.
pub(crate) fn ran(program: &str, variables: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let output = command(program)
        .envs(variables.iter().copied())
        .args(arguments)
        .output();
    let Output {
        status,
        stdout,
        stderr,
    } = output.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), text(stderr))
}
