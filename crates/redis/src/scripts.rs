//! The scripts that Redis runs.

use redis::Script;

/// Each is loaded again by whoever finds that Redis does not have it.
pub(crate) struct Scripts {
    pub(crate) apply: Script,
    pub(crate) prune: Script,
    pub(crate) clear: Script,
    pub(crate) set_complete: Script,
}

impl Scripts {
    pub(crate) fn new() -> Self {
        Self {
            apply: Script::new(include_str!("scripts/apply.lua")),
            prune: Script::new(include_str!("scripts/prune.lua")),
            clear: Script::new(include_str!("scripts/clear.lua")),
            set_complete: Script::new(include_str!("scripts/set_complete.lua")),
        }
    }
}
