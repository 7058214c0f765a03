//! Time zones by name.

use std::sync::LazyLock;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::suggest::nearest;

/// The database that is part of the program: a schedule fires at the same moments on every machine, whatever is
/// installed there.
static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The zone of that name; case does not matter.
pub(super) fn named(name: &str) -> Option<TimeZone> {
    ZONES.get(name).ok()
}

/// The name that was meant, if `name` is near one.
pub(super) fn meant(name: &str) -> Option<String> {
    let names: Vec<String> = ZONES.available().map(|name| name.to_string()).collect();
    nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
}
