//! The built-in kinds of work, one file each.

mod builtin;
mod echo;
mod exec;
mod http;
mod sleep;

pub use builtin::{Builtin, BuiltinError, NoProgramName, Program};
pub use echo::Echo;
pub use exec::{Exec, ExecInput, ExecOutput};
pub use http::{Http, HttpInput, HttpOutput};
pub use sleep::{Sleep, SleepInput};
