//! The processor as a process of its own.

use std::process::ExitCode;

use observatory_roles::Processor;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    observatory_roles::run(Processor::builtin())
}
