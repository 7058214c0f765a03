//! Containers of this run: started, labelled, their logs kept, and what earlier runs left swept.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use test_images::{Recipe, Source};
use testcontainers::core::{ContainerPort, IntoContainerPort};
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, GenericImage, ImageExt};

/// Names the process that a container belongs to.
const OWNER: &str = "observatory-gate.owner";

/// The longest the engine may take to start a container.
const START: Duration = Duration::from_mins(1);

/// A container that is to be started.
pub(crate) struct Plan {
    /// The name of its image, and the tag.
    pub(crate) image: (String, String),
    /// Its name, which is its address on the network.
    pub(crate) name: String,
    pub(crate) network: String,
    /// The port that tests reach.
    pub(crate) port: u16,
    pub(crate) environment: Vec<(&'static str, String)>,
}

/// The image that a recipe of `tests/images` makes, or what stands in for it.
pub(crate) fn recipe(name: &str) -> Result<(String, String)> {
    let image = Recipe::named(&test_images::directory(), name)?.image_from(Source::from_env()?)?;
    let (repository, tag) = image.rsplit_once(':').context("an image without a tag")?;
    Ok((repository.to_owned(), tag.to_owned()))
}

/// Starts it, without waiting until it answers: whoever needs it waits for it.
pub(crate) async fn start(plan: Plan) -> Result<ContainerAsync<GenericImage>> {
    let (name, tag) = &plan.image;
    let mut request = GenericImage::new(name, tag)
        .with_exposed_port(plan.port.tcp())
        .with_container_name(&plan.name)
        .with_network(&plan.network)
        .with_label(OWNER, std::process::id().to_string())
        .with_startup_timeout(START);
    for (variable, value) in plan.environment {
        request = request.with_env_var(variable, value);
    }
    let started = request.start().await;
    started.with_context(|| format!("{name}:{tag} does not start; was it made by `cargo xtask images`?"))
}

/// The port of this machine at which a container is reached.
pub(crate) async fn port_of(container: &ContainerAsync<GenericImage>, port: u16) -> Result<u16> {
    Ok(container.get_host_port_ipv4(ContainerPort::Tcp(port)).await?)
}

/// The user that an image names.
pub(crate) fn user_of(container: &ContainerAsync<GenericImage>) -> String {
    docker(&["inspect", "--format", "{{.Config.User}}", container.id()])
        .trim()
        .to_owned()
}

/// Whether a program can be started in a container, which the engine's answer tells.
pub(crate) fn runs(container: &ContainerAsync<GenericImage>, program: &str) -> bool {
    let status = Command::new("docker")
        .args(["exec", container.id(), program])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// Writes down what a container has printed.
pub(crate) async fn keep_log(container: &ContainerAsync<GenericImage>, to: &Path) -> Result<()> {
    let mut text = container.stdout_to_vec().await?;
    text.extend(container.stderr_to_vec().await?);
    std::fs::write(to, text).with_context(|| format!("cannot write {}", to.display()))
}

/// Removes containers and networks of runs that are over, however they ended.
pub(crate) fn sweep() {
    let format = format!("{{{{.ID}}}} {{{{.Label \"{OWNER}\"}}}}");
    let filter = format!("label={OWNER}");
    let listed = docker(&["ps", "--all", "--filter", &filter, "--format", &format]);
    for line in listed.lines() {
        if let Some((container, owner)) = line.split_once(' ')
            && !is_alive(owner)
        {
            docker(&["rm", "--force", "--volumes", container]);
        }
    }
    for network in docker(&["network", "ls", "--filter", "name=gate-", "--format", "{{.Name}}"]).lines() {
        if network
            .strip_prefix("gate-")
            .is_some_and(|owner| !is_alive(owner))
        {
            docker(&["network", "rm", network]);
        }
    }
}

fn is_alive(process: &str) -> bool {
    Path::new("/proc").join(process).exists()
}

/// What the engine's command prints; nothing where it fails: sweeping is a favour to whoever comes next.
fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker")
        .args(arguments)
        .stdin(Stdio::null())
        .output();
    output.map_or_else(
        |_absent| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}
