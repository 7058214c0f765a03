//! A machine with programs that only pretend.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// One program for all three: `$0` says which one it is meant to be, `$FAKE` is where it keeps things.
const PROGRAM: &str = r#"#!/bin/sh
name=$(basename "$0")
case "$1" in --context) shift 2 ;; esac
call="$name $*"
echo "$call" >> "$FAKE/calls"
if [ -f "$FAKE/fail" ] && case "$call" in "$(cat "$FAKE/fail")"*) true ;; *) false ;; esac; then
  cat "$FAKE/said" >&2
  exit 1
fi
if [ -f "$FAKE/hang" ] && case "$call" in "$(cat "$FAKE/hang")"*) true ;; *) false ;; esac; then
  exec sleep 60
fi
case "$call" in
  "docker version"*) echo 27.1.1 ;;
  "docker info --format {{.MemTotal}}") echo 16000000000 ;;
  "docker info --format {{.DockerRootDir}}") echo / ;;
  "docker inspect"*) if [ -f "$FAKE/stopped" ]; then echo false; else echo true; fi ;;
  "docker start"*) rm "$FAKE/stopped" ;;
  "docker exec"*) cat "$FAKE/images" ;;
  "kind version"*) echo "kind v0.31.0 go1.25 linux/amd64" ;;
  "kind get clusters"*) if [ -f "$FAKE/cluster" ]; then echo observatory; else echo "No kind clusters found." >&2; fi ;;
  "kind create"*) touch "$FAKE/cluster" ;;
  "kind export"*) rm -f "$FAKE/unknown" ;;
  "kind get nodes"*) echo observatory-control-plane ;;
  "kind load"*) touch "$FAKE/loaded-$(basename "$3")"; cp "$FAKE/archived" "$FAKE/images" ;;
  "kind delete"*) rm -f "$FAKE/cluster" "$FAKE/memory" ;;
  "kubectl version"*) echo '{"clientVersion":{"gitVersion":"v1.35.1"}}' ;;
  "kubectl get configmap"*)
    if [ -f "$FAKE/unknown" ]; then echo 'error: context "kind-observatory" does not exist' >&2; exit 1; fi
    cat "$FAKE/memory" 2>/dev/null ;;
  "kubectl apply --namespace kube-system"*) cat > "$FAKE/memory" ;;
  "kubectl get namespace"*) [ -f "$FAKE/namespace" ] && echo namespace/observatory ;;
  "kubectl create namespace"*) touch "$FAKE/namespace" ;;
  "kubectl get secret "*) [ -f "$FAKE/secret-$3" ] && echo "secret/$3" ;;
  "kubectl create --filename -"*) cat > "$FAKE/given"
    if [ -f "$FAKE/quote" ]; then echo "cannot handle $(cat "$FAKE/given")" >&2; exit 1; fi
    n=$(sed 's/.*"metadata":{"name":"\([a-z]*\)".*/\1/' "$FAKE/given"); mv "$FAKE/given" "$FAKE/secret-$n" ;;
  "kubectl apply"*) cat "$FAKE/applied" ;;
  "kubectl get deployments,statefulsets,services"*) cat "$FAKE/there" ;;
  "kubectl get deployments"*) cat "$FAKE/state" ;;
  "kubectl logs"*) cat "$FAKE/log" 2>/dev/null ;;
  "kubectl delete pod"*) [ ! -f "$FAKE/mended" ] || mv "$FAKE/mended" "$FAKE/state" ;;
  "kubectl delete"*) ;;
  *) echo "what is $call?" >&2; exit 9 ;;
esac
exit 0
"#;

/// A machine.
pub(crate) struct Machine {
    directory: TempDir,
    /// What answers where the page would.
    pub(crate) port: u16,
}

impl Machine {
    /// With the programs, manifests and images, and nothing that runs.
    pub(crate) fn new() -> Self {
        let machine = Self {
            directory: tempfile::tempdir().unwrap(),
            port: answering(),
        };
        for name in ["docker", "kind", "kubectl"] {
            let path = machine.path(&format!("bin/{name}"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, PROGRAM).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        machine.write("manifests/20-gateway.yaml", "kind: Deployment\n");
        machine.write("manifests/cluster.json", &machine.cluster().to_string());
        machine.write("images/gateway.tar", "");
        machine.write("kind-config.yaml", "kind: Cluster\n");
        machine.set("images", r#"{"images":[]}"#);
        machine.set("archived", &images("docker.io/observatory/gateway:1"));
        machine.set("applied", "deployment.apps/gateway\n");
        machine.set("there", "deployment.apps/gateway\nservice/left-over\n");
        machine.set("state", &ready().to_string());
        machine
    }

    fn cluster(&self) -> Value {
        let url = format!("http://localhost:{}", self.port);
        json!({
            "namespace": "observatory", "cluster": "observatory", "nodeImage": "kindest/node:v1.35.0@sha256:0",
            "secrets": [{"name": "postgres", "random": {"password": 32},
                "derived": {"url": "postgres://observatory:${password}@postgres/observatory"}}],
            "workloads": [{"kind": "Deployment", "name": "gateway", "tier": 1}],
            "images": ["observatory/gateway:1"],
            "accessPoints": [{"name": "page", "url": url, "probe": format!("{url}/healthz")}],
        })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Sets what the programs answer, or how they behave.
    pub(crate) fn set(&self, name: &str, text: &str) {
        self.write(&format!("state/{name}"), text);
    }

    pub(crate) fn unset(&self, name: &str) {
        fs::remove_file(self.path(&format!("state/{name}"))).unwrap();
    }

    /// What the programs were told, in order; they are told nothing else of the time before.
    pub(crate) fn calls(&self) -> Vec<String> {
        let path = self.path("state/calls");
        let text = fs::read_to_string(&path).unwrap_or_default();
        let _none = fs::remove_file(path);
        text.lines().map(str::to_owned).collect()
    }

    /// A Secret as it was made.
    pub(crate) fn secret(&self, name: &str) -> Value {
        serde_json::from_str(&fs::read_to_string(self.path(&format!("state/secret-{name}"))).unwrap())
            .unwrap()
    }

    /// The command on this machine, once it has made a call that begins with `call` and does not come back.
    pub(crate) fn up_amid(&self, call: &str) -> Child {
        self.set("hang", call);
        let running = self.up(&[]).spawn().unwrap();
        self.until_called(call);
        running
    }

    /// Waits for a call that begins so.
    pub(crate) fn until_called(&self, call: &str) {
        let calls = self.path("state/calls");
        let end = Instant::now() + Duration::from_mins(1);
        while !fs::read_to_string(&calls).unwrap_or_default().contains(call) {
            assert!(Instant::now() < end, "{call} does not come");
            thread::park_timeout(Duration::from_millis(20));
        }
    }

    /// Without access points, so that no port has to be free before the cluster is made.
    pub(crate) fn without_access_points(&self) {
        let mut cluster = self.cluster();
        cluster["accessPoints"] = Value::Array(Vec::new());
        self.write("manifests/cluster.json", &cluster.to_string());
    }

    /// The command on this machine.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_observatory"));
        for name in ["DOCKER", "KIND", "KUBECTL"] {
            let path = self.path(&format!("bin/{}", name.to_lowercase()));
            command.env(format!("OBSERVATORY_{name}"), path);
        }
        command
            .args(arguments)
            .env("FAKE", self.path("state"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// `observatory up --target kind` on this machine.
    pub(crate) fn up(&self, more: &[&str]) -> Command {
        let mut command = self.command(&["up", "--target", "kind"]);
        command
            .arg("--manifests")
            .arg(self.path("manifests"))
            .arg("--images")
            .arg(self.path("images"))
            .arg("--kind-config")
            .arg(self.path("kind-config.yaml"))
            .args(more);
        command
    }
}

/// What a node says that has one image.
pub(crate) fn images(tag: &str) -> String {
    json!({"images": [{"repoTags": [tag]}]}).to_string()
}

/// What people and programs are told.
pub(crate) fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The one workload, ready.
pub(crate) fn ready() -> Value {
    json!({"items": [{"kind": "Deployment", "metadata": {"name": "gateway", "generation": 1}, "spec": {"replicas": 1,
            "template": {"spec": {"containers": [{"image": "observatory/gateway:0"}]}}},
        "status": {"observedGeneration": 1, "replicas": 1, "readyReplicas": 1, "updatedReplicas": 1}}]})
}

/// The workload, not ready, with a pod that waits for `reason`.
pub(crate) fn waiting(reason: &str) -> Value {
    json!({"items": [
        {"kind": "Deployment", "metadata": {"name": "gateway", "generation": 1}, "spec": {"replicas": 1}, "status": {}},
        {"kind": "Pod", "metadata": {"name": "gateway-7", "labels": {"app.kubernetes.io/name": "gateway"}},
            "status": {"containerStatuses": [
                {"restartCount": 5, "state": {"waiting": {"reason": reason, "message": "as it is"}}}]}},
    ]})
}

/// A port at which everything is answered well.
fn answering() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream);
        }
    });
    port
}

fn answer(mut stream: std::net::TcpStream) {
    let mut request = [0; 1024];
    if stream.read(&mut request).is_ok() {
        let _gone = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    }
}

/// Whether a file is there.
pub(crate) fn exists(path: &Path) -> bool {
    path.exists()
}
