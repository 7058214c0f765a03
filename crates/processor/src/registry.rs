//! Which handler runs which type of job.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::{Context, Handler, HandlerError};

/// The longest result that is kept, in bytes of JSON. Results are for answers; data belongs in a store of the
/// handler's own.
pub const RESULT_LIMIT: usize = 64 * 1024;

type Attempt<'a> = Pin<Box<dyn Future<Output = Result<String, HandlerError>> + Send + 'a>>;

/// A handler with its types hidden: JSON text in, JSON text out.
pub(crate) trait ErasedHandler: Send + Sync {
    fn run<'a>(&'a self, payload: Option<&'a RawValue>, context: Context) -> Attempt<'a>;
}

impl<H: Handler> ErasedHandler for H {
    fn run<'a>(&'a self, payload: Option<&'a RawValue>, context: Context) -> Attempt<'a> {
        Box::pin(async move {
            let text = payload.map_or("{}", RawValue::get);
            let input = serde_json::from_str(text)
                .map_err(|error| HandlerError::Fatal(format!("payload does not fit the handler: {error}")))?;
            let output = Handler::run(self, input, context).await?;
            encode(&output)
        })
    }
}

fn encode(output: &impl serde::Serialize) -> Result<String, HandlerError> {
    let text = serde_json::to_string(output)
        .map_err(|error| HandlerError::Fatal(format!("result is not JSON: {error}")))?;
    if text.len() > RESULT_LIMIT {
        let size = text.len();
        return Err(HandlerError::Fatal(format!(
            "result of {size} bytes exceeds the limit of {RESULT_LIMIT}"
        )));
    }
    Ok(text)
}

/// The handlers of a processor by job type.
#[derive(Clone, Default)]
pub struct HandlerRegistry {
    by_type: HashMap<String, Arc<dyn ErasedHandler>>,
    fallback: Option<Arc<dyn ErasedHandler>>,
}

impl HandlerRegistry {
    /// No handlers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a handler for jobs of type `job_type`; the last one under a name wins.
    #[must_use]
    pub fn with(mut self, job_type: impl Into<String>, handler: impl Handler) -> Self {
        self.by_type.insert(job_type.into(), Arc::new(handler));
        self
    }

    /// Lets the handler of `job_type` run every type that has none of its own.
    ///
    /// # Errors
    /// The registry as it was, when `job_type` itself has no handler.
    pub fn with_fallback(mut self, job_type: &str) -> Result<Self, Self> {
        match self.by_type.get(job_type) {
            Some(handler) => {
                self.fallback = Some(Arc::clone(handler));
                Ok(self)
            }
            None => Err(self),
        }
    }

    /// The job types that have a handler, sorted.
    pub fn job_types(&self) -> Vec<&str> {
        let mut types: Vec<_> = self.by_type.keys().map(String::as_str).collect();
        types.sort_unstable();
        types
    }

    pub(crate) fn get(&self, job_type: &str) -> Option<&Arc<dyn ErasedHandler>> {
        self.by_type.get(job_type).or(self.fallback.as_ref())
    }
}
