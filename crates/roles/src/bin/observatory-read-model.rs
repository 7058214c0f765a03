//! The read model as a process of its own.

use std::process::ExitCode;

use observatory_roles::ReadModel;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    observatory_roles::run(ReadModel)
}
