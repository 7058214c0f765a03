//! Secrets: made once, of random letters and digits, and never told. They reach the cluster by standard input, so that no
//! list of processes shows them.

use std::collections::BTreeMap;

use rand::RngExt;
use rand::distr::Alphanumeric;
use serde_json::json;

use super::failure::Failure;
use super::report::Step;
use super::spec::Secret;
use super::tools::SHORT;
use super::up::Cluster;

pub(super) async fn ensure(cluster: &Cluster, step: Step<'_>) -> Result<(), Failure> {
    namespace(cluster).await?;
    let mut made = 0;
    for secret in &cluster.spec.secrets {
        if !exists(cluster, &secret.name).await? {
            make(cluster, secret).await?;
            made += 1;
        }
    }
    let there = cluster.spec.secrets.len() - made;
    step.done(&format!("{made} made, {there} there already"));
    Ok(())
}

/// Secrets need it before the manifests bring it.
async fn namespace(cluster: &Cluster) -> Result<(), Failure> {
    let kubectl = &cluster.tools.kubectl;
    let name = &cluster.spec.namespace;
    let found = kubectl
        .ask(
            &["get", "namespace", name, "--ignore-not-found", "--output", "name"],
            SHORT,
        )
        .await?;
    if found.trim().is_empty() {
        kubectl.ask(&["create", "namespace", name], SHORT).await?;
    }
    Ok(())
}

async fn exists(cluster: &Cluster, name: &str) -> Result<bool, Failure> {
    let namespace = &cluster.spec.namespace;
    let get = [
        "get",
        "secret",
        name,
        "--namespace",
        namespace,
        "--ignore-not-found",
        "--output",
        "name",
    ];
    let found = cluster.tools.kubectl.ask(&get, SHORT).await?;
    Ok(!found.trim().is_empty())
}

async fn make(cluster: &Cluster, secret: &Secret) -> Result<(), Failure> {
    let values = values(secret, random)?;
    let object = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": secret.name, "namespace": cluster.spec.namespace},
        "stringData": values,
    });
    let create = ["create", "--filename", "-"];
    let text = object.to_string();
    let told = cluster
        .tools
        .kubectl
        .tell(&create, Some(text.as_bytes()), SHORT)
        .await;
    let random = values.iter().filter(|(key, _)| secret.random.contains_key(*key));
    told.map(drop)
        .map_err(|failure| hushed(failure, random.map(|(_, value)| value.as_str())))
}

/// A server that refuses an object may quote it.
fn hushed<'a>(failure: Failure, secrets: impl Iterator<Item = &'a str>) -> Failure {
    let hush = |message: String, secret: &str| message.replace(secret, "***");
    Failure {
        message: secrets
            .filter(|secret| !secret.is_empty())
            .fold(failure.message, hush),
        ..failure
    }
}

/// The values of all keys; `${KEY}` in derived ones is replaced.
fn values(secret: &Secret, random: impl Fn(usize) -> String) -> Result<BTreeMap<String, String>, Failure> {
    let mut values = secret.fixed.clone();
    values.extend(
        secret
            .random
            .iter()
            .map(|(key, length)| (key.clone(), random(*length))),
    );
    let derived = secret.derived.iter().map(|(key, text)| {
        let replace =
            |text: String, (key, value): (&String, &String)| text.replace(&format!("${{{key}}}"), value);
        (key.clone(), values.iter().fold(text.clone(), replace))
    });
    let derived: Vec<_> = derived.collect();
    if let Some((key, _)) = derived.iter().find(|(_, value)| value.contains("${")) {
        return Err(Failure::new(format!(
            "cluster.json: {key} of Secret {} is derived from a key that it has not",
            secret.name
        ))
        .hint("mend its `derived`; it may name the keys of `fixed` and `random` of the same Secret"));
    }
    values.extend(derived);
    Ok(values)
}

/// The generator of the `rand` crate's threads is one for secrets, seeded by the system.
fn random(length: usize) -> String {
    rand::rng()
        .sample_iter(Alphanumeric)
        .take(length)
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_values_have_the_others_in_them() {
        let secret: Secret = serde_json::from_value(json!({
            "name": "rabbitmq", "fixed": {"username": "me"}, "random": {"password": 5},
            "derived": {"url": "amqp://${username}:${password}@rabbitmq"},
        }))
        .unwrap();
        let values = values(&secret, |length| "x".repeat(length)).unwrap();
        assert_eq!(values["url"], "amqp://me:xxxxx@rabbitmq");
        assert_eq!(values["password"], "xxxxx");
    }

    #[test]
    fn a_derived_value_needs_its_keys() {
        let secret: Secret = serde_json::from_value(
            json!({"name": "redis", "derived": {"url": "redis://:${password}@redis"}}),
        )
        .unwrap();
        let refused = values(&secret, random).unwrap_err();
        assert!(refused.message.contains("url of Secret redis"), "{refused}");
    }

    #[test]
    fn what_quotes_a_secret_is_hushed() {
        let said = Failure::new("cannot handle {\"password\":\"s3cret\"}");
        let failure = hushed(said, ["s3cret", ""].into_iter());
        assert_eq!(failure.message, "cannot handle {\"password\":\"***\"}");
    }

    #[test]
    fn random_values_differ_and_need_no_quoting() {
        let (one, other) = (random(32), random(32));
        assert!(one != other && one.len() == 32);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
}
