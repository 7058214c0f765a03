//! Runs the command.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Command, Output};

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_observatory"));
    command.args(arguments);
    command
}

pub(crate) fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

/// Holds a port that is the gateway's under the offset that comes with it.
pub(crate) fn taken_gateway_port() -> (TcpListener, String) {
    let holder = (10_000..20_000)
        .find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok())
        .unwrap();
    let offset = holder.local_addr().unwrap().port() - 3000;
    (holder, offset.to_string())
}
