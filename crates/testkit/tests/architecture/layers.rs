//! contracts ← domain ← ports ← { adapters, services }; only the composition roots see both sides.

use crate::graph::{Graph, workspace};

/// Where a crate of ours stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layer {
    /// The inner crates, innermost first: each may use those before it.
    Inner,
    /// What all services share.
    Shared,
    /// One driver each, behind the ports.
    Adapter,
    /// A library of a service.
    Service,
    /// Puts adapters and services together.
    Root,
    /// For tests and development alone.
    Dev,
}

const INNER: [&str; 3] = ["contracts", "domain", "ports"];
const SHARED: [&str; 1] = ["service"];
const ADAPTERS: [&str; 5] = [
    "embedded",
    "mongodb-adapter",
    "postgres-adapter",
    "rabbitmq-adapter",
    "redis-adapter",
];
const SERVICES: [&str; 5] = ["gateway", "processor", "metrics-engine", "read-model", "web-ui"];
const ROOTS: [&str; 2] = ["observatory", "observatory-roles"];
const DEV: [&str; 5] = ["gate", "manifests", "test-images", "testkit", "xtask"];

/// Libraries that talk to a store or broker.
const DRIVERS: [&str; 6] = [
    "lapin",
    "redis",
    "mongodb",
    "rusqlite",
    "tokio-postgres",
    "libsqlite3-sys",
];

/// TLS that needs a C library of its own.
const BANNED: [&str; 4] = ["aws-lc-sys", "aws-lc-rs", "openssl-sys", "native-tls"];

fn layer(name: &str) -> Option<Layer> {
    let layers: [(&[&str], Layer); 6] = [
        (&INNER, Layer::Inner),
        (&SHARED, Layer::Shared),
        (&ADAPTERS, Layer::Adapter),
        (&SERVICES, Layer::Service),
        (&ROOTS, Layer::Root),
        (&DEV, Layer::Dev),
    ];
    layers
        .into_iter()
        .find(|(names, _)| names.contains(&name))
        .map(|(_, layer)| layer)
}

/// Whether `name` may use `other`, both ours.
fn may_use(name: &str, other: &str) -> bool {
    let (Some(mine), Some(others)) = (layer(name), layer(other)) else {
        return false;
    };
    match (mine, others) {
        (Layer::Inner, Layer::Inner) => {
            let place = |name| INNER.iter().position(|inner| *inner == name);
            place(other) < place(name)
        }
        (Layer::Service, others) => matches!(others, Layer::Inner | Layer::Shared),
        (Layer::Root, others) => others != Layer::Dev,
        (Layer::Shared | Layer::Adapter, Layer::Inner) | (Layer::Dev, _) => true,
        _ => false,
    }
}

fn is_driver(name: &str) -> bool {
    DRIVERS.contains(&name) || name.starts_with("sqlx")
}

/// Whether the driver is of the store that needs no server.
fn is_embedded(name: &str) -> bool {
    matches!(name, "rusqlite" | "libsqlite3-sys")
}

/// Which foreign crates may not be below a crate of ours.
fn is_forbidden_below(layer: Layer, foreign: &str) -> bool {
    match layer {
        Layer::Inner | Layer::Shared | Layer::Service => is_driver(foreign),
        Layer::Adapter => foreign == "axum",
        Layer::Root | Layer::Dev => false,
    }
}

/// Every breach of the rules, in words.
fn breaches(graph: &Graph) -> Vec<String> {
    let mut breaches = Vec::new();
    for name in &graph.ours {
        let Some(layer) = layer(name) else {
            breaches.push(format!(
                "{name} has no place in the architecture: give it one in this test"
            ));
            continue;
        };
        let used = &graph.depends_on[name];
        let ours = used
            .intersection(&graph.ours)
            .filter(|other| !may_use(name, other));
        breaches.extend(ours.map(|other| format!("{name} may not depend on {other}")));
        let below = graph.below(name);
        let foreign = below
            .difference(&graph.ours)
            .filter(|other| is_forbidden_below(layer, other));
        breaches.extend(foreign.map(|other| format!("{name} may not have {other} below it")));
        let banned = below.iter().filter(|other| BANNED.contains(&other.as_str()));
        breaches.extend(banned.map(|other| format!("{name} has the banned {other} below it")));
    }
    breaches
}

#[test]
fn no_crate_breaks_the_layers() {
    let graph = Graph::read();
    assert_eq!(breaches(&graph), Vec::<String>::new());
}

/// Whoever tries the observatory builds the command, and should not wait for drivers of servers that it does not use.
#[test]
fn the_command_has_no_driver_of_a_server() {
    let below = Graph::read().below("observatory");
    let servers = below.iter().filter(|name| is_driver(name) && !is_embedded(name));
    assert_eq!(servers.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_layer_is_in_the_workspace() {
    let graph = Graph::read();
    for name in [&INNER[..], &SHARED, &ADAPTERS, &SERVICES, &ROOTS, &DEV].concat() {
        assert!(
            graph.ours.contains(name),
            "{name} is gone: take it out of this test"
        );
    }
}

#[test]
fn no_banned_library_is_in_the_lock_file() {
    let lock = std::fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
    for banned in BANNED {
        assert!(
            !lock.contains(&format!("name = \"{banned}\"")),
            "{banned}, for whatever platform"
        );
    }
}

/// A workspace that keeps to the rules, with more dependencies.
fn graph(more: &[(&str, &str)]) -> Graph {
    let mut graph = Graph {
        ours: ["contracts", "domain", "ports", "service"]
            .map(str::to_owned)
            .into(),
        ..Graph::default()
    };
    graph
        .ours
        .extend(["embedded", "gateway", "processor", "observatory", "testkit"].map(str::to_owned));
    let kept = [
        ("domain", "contracts"),
        ("ports", "domain"),
        ("embedded", "ports"),
        ("embedded", "rusqlite"),
        ("gateway", "service"),
        ("gateway", "ports"),
        ("service", "axum"),
        ("observatory", "embedded"),
        ("observatory", "gateway"),
    ];
    for (name, other) in kept.iter().chain(more) {
        graph
            .depends_on
            .entry((*name).to_owned())
            .or_default()
            .insert((*other).to_owned());
    }
    for name in &graph.ours {
        graph.depends_on.entry(name.clone()).or_default();
    }
    graph
}

#[test]
fn the_rules_allow_what_the_architecture_draws() {
    assert_eq!(breaches(&graph(&[])), Vec::<String>::new());
}

#[test]
fn the_rules_notice_every_kind_of_breach() {
    let wrong = [
        ("contracts", "domain"),
        ("domain", "ports"),
        ("ports", "embedded"),
        ("embedded", "service"),
        ("embedded", "gateway"),
        ("gateway", "embedded"),
        ("gateway", "processor"),
        ("service", "gateway"),
        ("gateway", "testkit"),
        ("observatory", "testkit"),
        ("processor", "sqlx-postgres"),
        ("service", "redis"),
        ("domain", "lapin"),
        ("embedded", "axum"),
        ("observatory", "openssl-sys"),
    ];
    for breach in wrong {
        let (name, other) = breach;
        let found = breaches(&graph(&[breach]));
        assert!(
            found
                .iter()
                .any(|text| text.starts_with(name) && text.contains(other)),
            "{breach:?}: {found:?}"
        );
    }
}

#[test]
fn a_driver_deep_below_is_a_breach() {
    let found = breaches(&graph(&[("gateway", "pool"), ("pool", "lapin")]));
    assert_eq!(found, ["gateway may not have lapin below it"]);
}

#[test]
fn a_crate_without_a_place_is_a_breach() {
    let mut graph = graph(&[]);
    graph.ours.insert("newcomer".to_owned());
    assert!(breaches(&graph)[0].starts_with("newcomer has no place"));
}
