//! The dashboard's server as a browser meets it, against services made for the test.

mod assets;
mod harness;
mod javascript;
mod page;
mod proxy;
mod proxy_failures;
mod proxy_streams;
mod security;
