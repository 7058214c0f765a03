//! `echo`: returns its payload. The smallest job there is.

use serde_json::value::RawValue;

use crate::{Context, Handler, HandlerError};

/// Returns its payload as its result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Echo;

impl Handler for Echo {
    type Input = Box<RawValue>;
    type Output = Box<RawValue>;

    async fn run(&self, input: Self::Input, _: Context) -> Result<Self::Output, HandlerError> {
        Ok(input)
    }
}
