//! The web dashboard: a page of plain HTML, CSS and JavaScript that is compiled into the binary, and the
//! same-origin proxies through which it reads and submits.
//!
//! Start at [`router()`]. The page itself is in `assets/`; its entry is `assets/js/app.js`.

mod assets;
mod config;
mod page;
mod problem;
mod proxy;
mod router;
mod security;

pub use config::{ProxyLimits, UiConfig};
pub use router::{router, router_with_limits};
