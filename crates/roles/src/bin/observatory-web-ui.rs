//! The web page as a process of its own.

use std::process::ExitCode;

use observatory_roles::WebUi;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    observatory_roles::run(WebUi)
}
