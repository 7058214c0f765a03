//! Policies: what must be true of every object, whatever profile it is of.

mod containers;
mod names;
mod network;
mod pods;
mod references;
mod shapes;
mod sums;

use manifests::{Object, Profile};

/// Holds a policy against every profile; it returns what is wrong.
fn hold(policy: impl Fn(&[Object]) -> Vec<String>) {
    for profile in Profile::ALL {
        let objects = profile.objects();
        assert!(objects.len() > 30, "{profile:?} has {} objects", objects.len());
        let wrong = policy(&objects);
        assert!(wrong.is_empty(), "{profile:?}:\n{}", wrong.join("\n"));
    }
}
