//! An observatory with a kind of work of one's own:
//!
//!     cargo run --release --example custom_handler -- up
//!     curl localhost:3000/jobs -H 'content-type: application/json' -d '{"type":"greet","payload":{"name":"Ada"}}'

use std::process::ExitCode;

use observatory::{Context, Handler, HandlerError};
use serde::{Deserialize, Serialize};

struct Greet;

#[derive(Deserialize)]
struct Input {
    name: String,
}

#[derive(Serialize)]
struct Output {
    greeting: String,
}

impl Handler for Greet {
    type Input = Input;
    type Output = Output;

    async fn run(&self, input: Input, context: Context) -> Result<Output, HandlerError> {
        if input.name.is_empty() {
            return Err(HandlerError::fatal("nobody to greet"));
        }
        Ok(Output {
            greeting: format!("Hello, {}! (attempt {})", input.name, context.attempt),
        })
    }
}

fn main() -> ExitCode {
    observatory::cli::main_with(|handlers| handlers.with("greet", Greet))
}
