//! Objects, decoded as Kubernetes has them. What its types do not know is what a server would drop or refuse.

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Object;

/// Why an object is none.
#[derive(Debug)]
pub enum TypeError {
    /// It is of a kind that is not expected here.
    Kind(String),
    /// A field has another type.
    Field(serde_json::Error),
}

/// The paths of fields that Kubernetes does not know.
///
/// # Errors
/// Where it is no object of its kind at all.
pub fn lost(object: &Object) -> Result<Vec<String>, TypeError> {
    let value = object.value();
    match (
        object.at("/apiVersion").as_str().unwrap_or_default(),
        object.kind(),
    ) {
        ("v1", "Namespace") => decoded::<Namespace>(value),
        ("v1", "ConfigMap") => decoded::<ConfigMap>(value),
        ("v1", "Service") => decoded::<Service>(value),
        ("v1", "ServiceAccount") => decoded::<ServiceAccount>(value),
        ("apps/v1", "Deployment") => decoded::<Deployment>(value),
        ("apps/v1", "StatefulSet") => decoded::<StatefulSet>(value),
        ("autoscaling/v2", "HorizontalPodAutoscaler") => decoded::<HorizontalPodAutoscaler>(value),
        ("networking.k8s.io/v1", "Ingress") => decoded::<Ingress>(value),
        ("networking.k8s.io/v1", "NetworkPolicy") => decoded::<NetworkPolicy>(value),
        ("policy/v1", "PodDisruptionBudget") => decoded::<PodDisruptionBudget>(value),
        ("keda.sh/v1alpha1", "ScaledObject") => decoded::<ScaledObject>(value),
        (version, kind) => Err(TypeError::Kind(format!("{version} {kind}"))),
    }
}

fn decoded<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Vec<String>, TypeError> {
    let typed: T = serde_json::from_value(value.clone()).map_err(TypeError::Field)?;
    let known = serde_json::to_value(typed).map_err(TypeError::Field)?;
    let mut lost = Vec::new();
    compare(value, &known, "", &mut lost);
    Ok(lost)
}

/// What is in `said` and not in `known`.
fn compare(said: &Value, known: &Value, path: &str, lost: &mut Vec<String>) {
    match (said, known) {
        (Value::Object(said), Value::Object(known)) => {
            for (key, value) in said {
                let known = known.get(key).unwrap_or(&Value::Null);
                compare(value, known, &format!("{path}/{key}"), lost);
            }
        }
        (Value::Array(said), Value::Array(known)) if said.len() == known.len() => {
            for (index, (value, known)) in said.iter().zip(known).enumerate() {
                compare(value, known, &format!("{path}/{index}"), lost);
            }
        }
        (said, known) if said == known || is_empty(said) => {}
        _ => lost.push(path.to_owned()),
    }
}

/// Empty lists say what no list says.
fn is_empty(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}

/// KEDA's, as far as we use it.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ScaledObject {
    api_version: String,
    kind: String,
    metadata: Map<String, Value>,
    spec: ScaledObjectSpec,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ScaledObjectSpec {
    scale_target_ref: ScaleTarget,
    min_replica_count: u32,
    max_replica_count: u32,
    cooldown_period: u32,
    triggers: Vec<Trigger>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ScaleTarget {
    name: String,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Trigger {
    r#type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    metric_type: Option<String>,
    metadata: Map<String, Value>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_field_that_kubernetes_does_not_know_is_found() {
        let service = json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "labls": {"b": "c"}},
            "spec": {"ports": [{"port": 1, "targetport": "x"}]},
        });
        let lost = lost(&Object::new("f", service)).unwrap();
        assert_eq!(lost, ["/metadata/labls", "/spec/ports/0/targetport"]);
    }

    #[test]
    fn a_field_of_another_type_is_an_error() {
        let service = json!({"apiVersion": "v1", "kind": "Service", "spec": {"ports": 7}});
        assert!(matches!(
            lost(&Object::new("f", service)),
            Err(TypeError::Field(_))
        ));
        let secret = json!({"apiVersion": "v1", "kind": "Secret"});
        assert!(matches!(lost(&Object::new("f", secret)), Err(TypeError::Kind(_))));
    }
}
