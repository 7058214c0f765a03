//! What a role is.

use axum::Router;
use futures::future::BoxFuture;
use service::shutdown::Shutdown;

use crate::config::{Settings, Values};
use crate::sections::Common;

/// One part of the observatory as a process of its own.
pub trait Role: Send + Sized {
    /// Its name in words: `metrics engine`.
    const NAME: &'static str;
    /// The name of its program: `observatory-metrics-engine`.
    const PROGRAM: &'static str;
    /// What it does, in a line.
    const ABOUT: &'static str;
    /// What it is told.
    type Config: Send;

    /// Every setting that [`Role::read`] reads.
    fn settings() -> Settings;

    /// Reads what it is told; none where something is wrong, which `values` remembers.
    fn read(values: &mut Values<'_>) -> Option<Self::Config>;

    /// What every role is told.
    fn common(config: &Self::Config) -> &Common;

    /// Puts it together, on a running Tokio runtime. Servers that are away do not fail it: adapters connect in the
    /// background.
    ///
    /// # Errors
    /// When a URL or a certificate cannot be used, or a metric is named twice.
    fn assemble(self, config: Self::Config) -> impl Future<Output = anyhow::Result<Assembled>> + Send;
}

/// Work beside answering requests: it ends when the shutdown says so.
pub type Work = Box<dyn FnOnce(Shutdown) -> BoxFuture<'static, ()> + Send>;

/// A role, put together and not running.
pub struct Assembled {
    /// What it answers on its port.
    pub router: Router,
    /// What it does besides.
    pub work: Option<Work>,
    /// Takes leave of the servers, when everything has ended.
    pub close: Vec<BoxFuture<'static, ()>>,
}
