//! One observatory for all tests of a topic that do not disturb each other.

use std::sync::{Arc, Weak};

use tokio::sync::Mutex;

use super::{Observatory, Site};

/// Lives as long as some test uses it; a test that comes later starts it anew. (A process in a plain `static`
/// would never be ended.)
pub(crate) struct Shared {
    arguments: &'static [&'static str],
    current: Mutex<Weak<Observatory>>,
}

impl Shared {
    /// An observatory that is started with `arguments` when somebody needs it.
    pub(crate) const fn new(arguments: &'static [&'static str]) -> Self {
        Self {
            arguments,
            current: Mutex::const_new(Weak::new()),
        }
    }

    pub(crate) async fn get(&self) -> Arc<Observatory> {
        let mut current = self.current.lock().await;
        if let Some(running) = current.upgrade() {
            return running;
        }
        let started = Arc::new(Site::new().start(self.arguments).await);
        *current = Arc::downgrade(&started);
        started
    }
}
