//! The built-in kinds of work, one file each.

mod echo;
mod exec;
mod http;
mod sleep;

pub use echo::Echo;
pub use exec::{Exec, ExecInput, ExecOutput};
pub use http::{Http, HttpInput, HttpOutput};
pub use sleep::{Sleep, SleepInput};
