//! The metrics engine as a process of its own.

use std::process::ExitCode;

use observatory_roles::MetricsEngine;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    observatory_roles::run(MetricsEngine)
}
