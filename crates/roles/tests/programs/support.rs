//! A role's program as a child process.

use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use service::client::{Client, ClientBuilder};
use testkit::wait_for;

/// The longest anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Every program.
pub(crate) const PROGRAMS: [(&str, &str); 5] = [
    ("observatory-gateway", env!("CARGO_BIN_EXE_observatory-gateway")),
    (
        "observatory-processor",
        env!("CARGO_BIN_EXE_observatory-processor"),
    ),
    (
        "observatory-metrics-engine",
        env!("CARGO_BIN_EXE_observatory-metrics-engine"),
    ),
    (
        "observatory-read-model",
        env!("CARGO_BIN_EXE_observatory-read-model"),
    ),
    ("observatory-web-ui", env!("CARGO_BIN_EXE_observatory-web-ui")),
];

/// A program with nothing of the caller's environment.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(path(program));
    command.env_clear().stdin(Stdio::null());
    command
}

fn path(program: &str) -> &'static str {
    let found = PROGRAMS.iter().find(|(name, _)| *name == program);
    found.expect("it is one of ours").1
}

/// A running role. Dropping it kills it.
pub(crate) struct Running {
    pub(crate) child: Child,
    port: u16,
    client: Client,
}

impl Running {
    /// Starts a program on a free port, told these variables.
    pub(crate) fn start_with(
        program: &str,
        variables: &[(&str, &str)],
        arguments: &[&str],
        stdin: Stdio,
    ) -> Self {
        let port = free_port();
        let child = command(program)
            .envs(variables.iter().copied())
            .env("OBSERVATORY_LISTEN_PORT", port.to_string())
            .args(arguments)
            .stdin(stdin)
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self {
            child,
            port,
            client: ClientBuilder::new().build().unwrap(),
        }
    }

    /// Where it answers.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it answers: status and text.
    pub(crate) async fn get(&self, path: &str) -> Result<(u16, String), String> {
        let url = self.url(path);
        let answer = self
            .client
            .get(&url, PATIENCE)
            .await
            .map_err(|error| error.to_string())?;
        Ok((
            answer.status().as_u16(),
            String::from_utf8_lossy(answer.body()).into_owned(),
        ))
    }

    /// Waits until it answers 200 to a question.
    pub(crate) async fn wait_until_ok(&self, path: &str) {
        wait_for(PATIENCE, path, || async {
            match self.get(path).await {
                Ok((200, _)) => Ok(()),
                other => Err(format!("{other:?}")),
            }
        })
        .await;
    }

    /// The names of the parts that keep it from being ready.
    pub(crate) async fn missing(&self) -> Vec<String> {
        let (status, text) = self.get("/readyz").await.unwrap();
        assert_eq!(status, 503, "{text}");
        assert!(!text.contains("secret"), "{text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        let parts = answer["parts"].as_array().unwrap().iter();
        parts
            .map(|part| part["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Sends a signal, such as `TERM`.
    pub(crate) fn signal(&mut self, name: &str) {
        assert!(self.child.try_wait().unwrap().is_none(), "it has ended already");
        let told = Command::new("/bin/sh")
            .args(["-c", "kill -s \"$0\" \"$1\"", name, &self.child.id().to_string()])
            .status();
        assert!(told.unwrap().success());
    }

    /// Ends it at once.
    pub(crate) fn kill(&mut self) {
        // Fails only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until it has ended, and gives its exit code.
    pub(crate) async fn exit_code(&mut self) -> i32 {
        let child = &mut self.child;
        let status = wait_for(PATIENCE, "the end of a role", || {
            let status = child.try_wait().unwrap();
            async move { status.ok_or("it runs") }
        });
        status.await.code().unwrap_or(-1)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}
