//! What makes pods, by what policies ask of them.

use serde_json::Value;

use crate::Object;

/// An object that makes pods.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'a>(pub &'a Object);

/// One of its containers.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a>(pub &'a Value);

impl<'a> Workload<'a> {
    /// Those among objects.
    pub fn all(objects: &'a [Object]) -> impl Iterator<Item = Self> {
        let makes_pods = |object: &&Object| matches!(object.kind(), "Deployment" | "StatefulSet");
        objects.iter().filter(makes_pods).map(Self)
    }

    /// The pods' specification.
    pub fn pod(self) -> &'a Value {
        self.0.at("/spec/template/spec")
    }

    /// The pods' labels.
    pub fn labels(self) -> &'a Value {
        self.0.at("/spec/template/metadata/labels")
    }

    /// The containers.
    pub fn containers(self) -> impl Iterator<Item = Container<'a>> {
        self.0
            .list("/spec/template/spec/containers")
            .iter()
            .map(Container)
    }

    /// How many pods there are at least.
    pub fn replicas(self) -> u64 {
        self.0.at("/spec/replicas").as_u64().unwrap_or(1)
    }

    /// Whether a selector means the pods.
    pub fn is_meant_by(self, selector: &Value) -> bool {
        let wanted = selector.as_object().into_iter().flatten();
        let labels = self.labels();
        let mut wanted = wanted.peekable();
        wanted.peek().is_some() && wanted.all(|(key, value)| labels.get(key) == Some(value))
    }
}

impl<'a> Container<'a> {
    /// What is at a path (RFC 6901); null where there is nothing.
    pub fn at(self, path: &str) -> &'a Value {
        self.0.pointer(path).unwrap_or(&Value::Null)
    }

    /// Its name.
    pub fn name(self) -> &'a str {
        self.at("/name").as_str().unwrap_or_default()
    }

    /// Its ports, by name.
    pub fn ports(self) -> Vec<(&'a str, u64)> {
        let ports = self.at("/ports").as_array().into_iter().flatten();
        let port = |port: &'a Value| Some((port["name"].as_str()?, port["containerPort"].as_u64()?));
        ports.filter_map(port).collect()
    }

    /// The names of its variables.
    pub fn variables(self) -> Vec<&'a str> {
        let variables = self.at("/env").as_array().into_iter().flatten();
        variables
            .filter_map(|variable| variable["name"].as_str())
            .collect()
    }
}
