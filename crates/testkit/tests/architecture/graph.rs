//! The dependency graph, as cargo resolves it. Development dependencies are left out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Packages by name; ours are told apart by having no source.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// What each package depends on, normally or to build.
    pub(crate) depends_on: BTreeMap<String, BTreeSet<String>>,
    /// The packages of this workspace.
    pub(crate) ours: BTreeSet<String>,
}

/// The root of the workspace.
pub(crate) fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .expect("the crate lies in crates/ of the workspace")
        .to_owned()
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(workspace())
        .output();
    let output = output.unwrap_or_else(|error| panic!("{program} does not run: {error}"));
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("the output of a build tool is text")
}

/// The target whose dependencies are certainly on this machine.
fn host() -> String {
    let about = output("rustc", &["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}

impl Graph {
    /// The graph of this workspace.
    pub(crate) fn read() -> Self {
        let cargo = option_env!("CARGO").unwrap_or("cargo");
        let host = host();
        let arguments = [
            "metadata",
            "--format-version",
            "1",
            "--frozen",
            "--filter-platform",
            &host,
        ];
        let metadata = serde_json::from_str(&output(cargo, &arguments)).expect("cargo writes JSON");
        Self::from_metadata(&metadata)
    }

    fn from_metadata(metadata: &Value) -> Self {
        let mut graph = Self::default();
        let mut names = BTreeMap::new();
        for package in list(&metadata["packages"]) {
            let name = text(&package["name"]);
            names.insert(text(&package["id"]), name);
            if package["source"].is_null() {
                graph.ours.insert(name.to_owned());
            }
        }
        for node in list(&metadata["resolve"]["nodes"]) {
            let needed = list(&node["deps"]).iter().filter(|needed| is_needed(needed));
            let needed = needed.map(|needed| names[text(&needed["pkg"])].to_owned());
            graph
                .depends_on
                .entry(names[text(&node["id"])].to_owned())
                .or_default()
                .extend(needed);
        }
        graph
    }

    /// Everything below a package.
    pub(crate) fn below(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(next) = open.pop() {
            for needed in self.depends_on.get(&next).into_iter().flatten() {
                if found.insert(needed.clone()) {
                    open.push(needed.clone());
                }
            }
        }
        found
    }
}

/// Whether any kind of the dependency is other than `dev`.
fn is_needed(dependency: &Value) -> bool {
    list(&dependency["dep_kinds"])
        .iter()
        .any(|kind| kind["kind"] != "dev")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a name is text")
}

#[test]
fn development_dependencies_are_no_dependencies() {
    let kinds = |kinds: &[Option<&str>]| {
        kinds
            .iter()
            .map(|kind| serde_json::json!({ "kind": kind }))
            .collect::<Value>()
    };
    let metadata = serde_json::json!({
        "packages": [
            { "name": "a", "id": "#a", "source": null },
            { "name": "b", "id": "#b", "source": "registry" },
            { "name": "c", "id": "#c", "source": "registry" },
        ],
        "resolve": { "nodes": [
            { "id": "#a", "deps": [
                { "pkg": "#b", "dep_kinds": kinds(&[Some("dev"), None]) },
                { "pkg": "#c", "dep_kinds": kinds(&[Some("dev")]) },
            ] },
        ] },
    });
    let graph = Graph::from_metadata(&metadata);
    assert_eq!(graph.below("a"), BTreeSet::from(["b".to_owned()]));
    assert_eq!(graph.ours, BTreeSet::from(["a".to_owned()]));
}

#[test]
fn the_graph_knows_what_is_below_what() {
    let graph = Graph::read();
    assert!(
        graph.below("ports").contains("contracts"),
        "through domain, at least"
    );
    assert!(graph.below("ports").contains("serde"));
    assert!(!graph.below("contracts").contains("domain"));
}
