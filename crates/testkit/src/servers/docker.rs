//! The container engine, by its command.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

/// The longest a command may take: an engine that is asked to stop a server gives it ten seconds.
const LIMIT: Duration = Duration::from_mins(1);

/// The engine did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum DockerError {
    /// There is no engine, or it does not answer.
    #[error("no container engine answers (`cargo xtask images --provision` installs and starts one): {0}")]
    NoEngine(String),
    /// The image is not there.
    #[error("there is no image {0}: make it with `cargo xtask images`")]
    NoImage(String),
    /// Anything else.
    #[error("`docker {command}` failed: {output}")]
    Failed {
        /// What the engine was told.
        command: String,
        /// What it answered.
        output: String,
    },
}

/// Runs `docker` with `arguments` and returns what it prints.
pub(super) async fn docker(arguments: &[&str]) -> Result<String, DockerError> {
    let command = arguments.join(" ");
    let mut docker = Command::new("docker");
    docker.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = match timeout(LIMIT, docker.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(DockerError::NoEngine(error.to_string())),
        Err(_elapsed) => {
            let output = format!("no end within {LIMIT:?}");
            return Err(DockerError::Failed { command, output });
        }
    };
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(complaint(command, &String::from_utf8_lossy(&output.stderr)))
}

fn complaint(command: String, output: &str) -> DockerError {
    let output = output.trim().to_owned();
    if output.contains("Cannot connect to the Docker daemon") {
        return DockerError::NoEngine(output);
    }
    DockerError::Failed { command, output }
}

/// Everything that a container has printed, the newest `lines` of it.
pub(super) async fn logs(container: &str, lines: usize) -> String {
    let lines = lines.to_string();
    let mut docker = Command::new("docker");
    docker
        .args(["logs", "--tail", &lines, container])
        .stdin(Stdio::null());
    match timeout(LIMIT, docker.output()).await {
        Ok(Ok(output)) => [output.stdout, output.stderr]
            .map(|text| String::from_utf8_lossy(&text).into_owned())
            .concat(),
        _ => "no logs".to_owned(),
    }
}
