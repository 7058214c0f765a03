//! What containers have and may do.

use manifests::{Container, Profile, Workload, root};
use serde_json::{Value, json};

use crate::hold;

fn each(policy: impl Fn(Container<'_>) -> Option<String>) {
    hold(|objects| {
        let mut wrong = Vec::new();
        for workload in Workload::all(objects) {
            for container in workload.containers() {
                wrong.extend(policy(container).map(|what| format!("{}: {what}", workload.0)));
            }
        }
        wrong
    });
}

#[test]
fn every_container_has_requests_and_limits() {
    each(|container| {
        let missing = |path: &str| container.at(path).as_str().is_none_or(str::is_empty);
        let paths = [
            "/resources/requests/cpu",
            "/resources/requests/memory",
            "/resources/limits/cpu",
            "/resources/limits/memory",
        ];
        let path = paths.into_iter().find(|path| missing(path))?;
        Some(format!("no {path}"))
    });
}

#[test]
fn no_container_may_do_anything_that_it_need_not() {
    let demanded = json!({
        "allowPrivilegeEscalation": false,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": true,
        "runAsNonRoot": true,
    });
    each(|container| {
        let given = container.at("/securityContext");
        (*given != demanded).then(|| format!("{given}"))
    });
}

/// Started, alive and ready are three questions; each is asked, of a port that is there.
#[test]
fn every_container_is_probed() {
    each(|container| {
        ["startupProbe", "livenessProbe", "readinessProbe"]
            .into_iter()
            .find_map(|probe| probed(container, probe))
    });
}

fn probed(container: Container<'_>, probe: &str) -> Option<String> {
    let asked = container.at(&format!("/{probe}"));
    let port = [&asked["httpGet"]["port"], &asked["tcpSocket"]["port"]]
        .into_iter()
        .find_map(Value::as_str);
    match port {
        Some(port) if container.ports().iter().any(|(name, _)| *name == port) => None,
        Some(port) => Some(format!("{probe} asks port {port}, which is not there")),
        None if asked["exec"]["command"].is_array() => None,
        None => Some(format!("no {probe}")),
    }
}

/// A tag that moves is another program tomorrow.
#[test]
fn images_are_pinned_and_known_to_the_command() {
    for profile in Profile::ALL {
        let objects = profile.objects();
        let used: Vec<_> = Workload::all(&objects)
            .flat_map(Workload::containers)
            .map(|container| container.at("/image").clone())
            .collect();
        for image in &used {
            let tag = image
                .as_str()
                .and_then(|image| image.rsplit_once(':'))
                .map(|(_, tag)| tag);
            assert!(
                tag.is_some_and(|tag| !tag.is_empty() && tag != "latest"),
                "{image}"
            );
        }
        assert_eq!(profile.cluster()["images"], Value::Array(used), "{profile:?}");
    }
}

/// A variable that no service reads is a mistake that nobody would notice.
#[test]
fn services_know_every_variable() {
    let page = std::fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let ours = ["gateway", "processor", "metrics-engine", "read-model", "web-ui"];
    each(|container| {
        if !ours.contains(&container.name()) {
            return None;
        }
        let variables = container.variables();
        let unknown = variables.iter().find(|name| !page.contains(&format!("`{name}`")));
        unknown.map(|name| format!("nobody reads {name}"))
    });
}
