//! A server in a container, and what can be done to it.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use test_images::{Recipe, Source};

use super::docker::{DockerError, docker, logs};
use super::reaper::Reaper;
use super::{Spec, skip_if_told};
use crate::wait_for;

/// The longest a server may take until it answers: several that start at once on a small machine are slow.
const READY: Duration = Duration::from_mins(2);
/// Names the process that a container belongs to.
const OWNER: &str = "observatory-test.owner";
/// How much of a server's output is shown when it does not start.
const TAIL: usize = 40;
/// How often a start is tried, should somebody else take the port that was free.
const TRIES: usize = 5;

/// A server in a container. It is removed when this value or the process ends.
#[derive(Debug)]
pub struct Server {
    container: String,
    /// Ports of this machine, in the order of the specification.
    ports: Vec<u16>,
    spec: Spec,
    _reaper: Reaper,
}

impl Server {
    /// Starts a server and waits until it answers.
    ///
    /// # Panics
    /// When it does not, with the reason: no test can go on without.
    pub async fn start(spec: Spec) -> Self {
        skip_if_told();
        sweep().await;
        let server = match Self::create(spec).await {
            Ok(server) => server,
            Err(error) => panic!("{error}"),
        };
        server.ready().await;
        server
    }

    async fn create(spec: Spec) -> Result<Self, DockerError> {
        let image = image(&spec);
        let listed = docker(&["image", "ls", "--quiet", &image]).await?;
        if listed.is_empty() {
            return Err(DockerError::NoImage(image));
        }
        let mut tries = 0;
        loop {
            tries += 1;
            match Self::try_create(&spec, &image).await {
                Err(DockerError::Failed { output, .. }) if tries < TRIES && is_race(&output) => {}
                other => return other,
            }
        }
    }

    async fn try_create(spec: &Spec, image: &str) -> Result<Self, DockerError> {
        let ports: Vec<u16> = spec.ports.iter().map(|_| free_port()).collect();
        let arguments = arguments(spec, image, &ports);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let container = docker(&arguments).await?;
        let reaper = Reaper::of(&container).map_err(|error| DockerError::NoEngine(error.to_string()))?;
        for (path, text) in &spec.files {
            copy(&container, path, text).await?;
        }
        docker(&["start", &container]).await?;
        Ok(Self {
            container,
            ports,
            spec: spec.clone(),
            _reaper: reaper,
        })
    }

    /// The port of this machine at which the server's first port is reached. It stays the same over restarts.
    pub fn port(&self) -> u16 {
        self.ports[0]
    }

    /// The port of this machine at which `port` of the server is reached.
    ///
    /// # Panics
    /// When the server was started without it.
    pub fn port_of(&self, port: u16) -> u16 {
        let at = self.spec.ports.iter().position(|own| *own == port);
        self.ports[at.unwrap_or_else(|| panic!("port {port} is not published"))]
    }

    /// Waits until the server answers.
    ///
    /// # Panics
    /// When it does not in time, with what it printed last.
    pub async fn ready(&self) {
        let mut last = String::new();
        let end = tokio::time::Instant::now() + READY;
        while tokio::time::Instant::now() < end {
            match self.spec.probe.ask(self.port()).await {
                Ok(()) => return,
                Err(complaint) => last = complaint,
            }
            if !self.is_running().await {
                "it has ended".clone_into(&mut last);
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let printed = logs(&self.container, TAIL).await;
        panic!(
            "the server of {} is not ready: {last}\n{printed}",
            self.spec.image
        );
    }

    async fn is_running(&self) -> bool {
        let running = docker(&["inspect", "--format", "{{.State.Running}}", &self.container]).await;
        running.is_ok_and(|running| running == "true")
    }

    async fn tell(&self, arguments: &[&str]) -> String {
        match docker(arguments).await {
            Ok(output) => output,
            Err(error) => panic!("{}: {error}", self.spec.image),
        }
    }

    /// Ends the server at once, as a loss of power would, but for what the kernel has of its files.
    pub async fn kill(&self) {
        self.tell(&["kill", &self.container]).await;
        let ended = || async {
            if self.is_running().await {
                Err("it runs")
            } else {
                Ok(())
            }
        };
        wait_for(READY, "the end of a killed server", ended).await;
    }

    /// Lets the server end by itself.
    pub async fn stop(&self) {
        self.tell(&["stop", &self.container]).await;
    }

    /// Starts the server again, on the same files and ports, without waiting until it answers.
    pub async fn start_again(&self) {
        self.tell(&["start", &self.container]).await;
    }

    /// Freezes the server: it keeps its connections and answers nothing.
    pub async fn pause(&self) {
        self.tell(&["pause", &self.container]).await;
    }

    /// Lets a frozen server go on.
    pub async fn unpause(&self) {
        self.tell(&["unpause", &self.container]).await;
    }

    /// Runs a command inside, and returns what it prints.
    ///
    /// # Panics
    /// When it fails.
    pub async fn exec(&self, command: &[&str]) -> String {
        self.tell(&[&["exec", &self.container], command].concat()).await
    }

    /// What the server printed last.
    pub async fn logs(&self, lines: usize) -> String {
        logs(&self.container, lines).await
    }
}

fn image(spec: &Spec) -> String {
    let source = Source::from_env();
    let recipe = Recipe::named(&test_images::directory(), spec.image);
    let image = source.and_then(|source| recipe?.image_from(source));
    image.unwrap_or_else(|error| panic!("{error}"))
}

fn arguments(spec: &Spec, image: &str, ports: &[u16]) -> Vec<String> {
    let mut arguments: Vec<String> = ["create", "--label"].map(str::to_owned).into();
    arguments.push(format!("{OWNER}={}", std::process::id()));
    for (own, port) in spec.ports.iter().zip(ports) {
        arguments.extend(["--publish".to_owned(), format!("127.0.0.1:{port}:{own}")]);
    }
    for (name, value) in &spec.environment {
        arguments.extend(["--env".to_owned(), format!("{name}={value}")]);
    }
    arguments.push(image.to_owned());
    arguments.extend(spec.arguments.iter().cloned());
    arguments
}

async fn copy(container: &str, path: &str, text: &str) -> Result<(), DockerError> {
    let failed = |error: std::io::Error| DockerError::Failed {
        command: format!("cp to {path}"),
        output: error.to_string(),
    };
    let file = tempfile::NamedTempFile::new().map_err(failed)?;
    std::fs::write(file.path(), text).map_err(failed)?;
    // The server is another user and has to read it.
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(file.path(), readable).map_err(failed)?;
    let from = file.path().to_string_lossy().into_owned();
    docker(&["cp", &from, &format!("{container}:{path}")])
        .await
        .map(drop)
}

/// A port that nobody has at this moment. A server keeps it over restarts, which one of the engine's choice is not.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("a listener has an address").port()
}

fn is_race(output: &str) -> bool {
    output.contains("port is already allocated") || output.contains("address already in use")
}

/// Removes what processes left that were killed together with their reapers.
async fn sweep() {
    let format = format!("{{{{.ID}}}} {{{{.Label \"{OWNER}\"}}}}");
    let filter = format!("label={OWNER}");
    let Ok(listed) = docker(&["ps", "--all", "--filter", &filter, "--format", &format]).await else {
        return;
    };
    for line in listed.lines() {
        if let Some((container, owner)) = line.split_once(' ')
            && !Path::new("/proc").join(owner).exists()
        {
            let _by_its_reaper = docker(&["rm", "--force", "--volumes", container]).await;
        }
    }
}
