//! The types of settings, one file each.

mod address;
mod base_url;
mod certificates;
mod count;
mod log_filter;
mod log_format;
mod name;
mod origins;
mod programs;
mod server;
mod switch;
mod time;

pub use address::Address;
pub use base_url::BaseUrl;
pub use certificates::{Certificates, Pem};
pub use count::Count;
pub use log_filter::LogFilter;
pub use log_format::{LogFormatChoice, LogFormats};
pub use name::Name;
pub use origins::Origins;
pub use programs::Programs;
pub use server::{Server, ServerUrl};
pub use switch::Switch;
pub use time::Time;
