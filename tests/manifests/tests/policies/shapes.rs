//! Every object is one that Kubernetes takes, with nothing in it that it does not know.

use manifests::{Object, lost};

use crate::hold;

fn complaint(object: &Object) -> Option<String> {
    match lost(object) {
        Ok(lost) if lost.is_empty() => None,
        Ok(lost) => Some(format!("{object}: unknown {}", lost.join(", "))),
        Err(error) => Some(format!("{object}: {error:?}")),
    }
}

#[test]
fn every_object_decodes_with_nothing_left_over() {
    hold(|objects| objects.iter().filter_map(complaint).collect());
}

/// Passwords are made where they are used; none is ever written down.
#[test]
fn no_secret_is_among_them() {
    hold(|objects| {
        let secrets = objects.iter().filter(|object| object.kind() == "Secret");
        secrets.map(ToString::to_string).collect()
    });
}

#[test]
fn every_object_is_in_the_namespace_once() {
    hold(|objects| {
        let mut seen = std::collections::HashSet::new();
        let twice = objects
            .iter()
            .filter(|object| !seen.insert((object.kind(), object.name())));
        let astray = objects.iter().filter(|object| {
            object.kind() != "Namespace" && object.at("/metadata/namespace") != "observatory"
        });
        twice.chain(astray).map(ToString::to_string).collect()
    });
}
