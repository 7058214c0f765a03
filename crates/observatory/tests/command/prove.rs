use crate::support::{code, json, run, taken_gateway_port, text};

#[test]
fn the_promise_survives_a_few_kills() {
    let output = run(&[
        "prove", "--jobs", "600", "--kills", "4", "--seed", "1", "--json", "--quiet",
    ]);
    assert_eq!(code(&output), 0, "{}", text(&output.stderr));
    let report = json(&output);
    for (name, count) in [
        ("accepted", 600),
        ("terminal", 600),
        ("lost", 0),
        ("duplicated", 0),
        ("unexpected", 0),
    ] {
        assert_eq!(report[name], count, "{name} in {report}");
    }
    assert_eq!(report["kills"], 4);
    for name in ["cancelled", "unique_refused", "fired"] {
        assert!(report[name].as_u64().unwrap() > 0, "{name} in {report}");
    }
    let recovery = report["recovery_ms"]["max"].as_f64().unwrap();
    assert!(recovery > 0.0 && recovery < 10_000.0, "{report}");
}

#[test]
fn a_directory_with_data_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine"), "x").unwrap();
    let output = run(&["prove", "--data-dir", dir.path().to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("is not empty"));
    assert!(dir.path().join("mine").exists());
}

#[test]
fn a_taken_port_is_named() {
    let (holder, offset) = taken_gateway_port();
    let output = run(&["prove", "--port-offset", &offset]);
    assert_eq!(code(&output), 2);
    let port = holder.local_addr().unwrap().port().to_string();
    let words = text(&output.stderr);
    assert!(
        words.contains(&port) && words.contains("--port-offset"),
        "{words}"
    );
}

/// Finds processes as Linux shows them.
#[cfg(target_os = "linux")]
mod interrupted {
    use std::path::Path;
    use std::process::{Child, Command};
    use std::time::{Duration, Instant};

    use crate::support::command;

    /// Waits until a condition holds, as long as a slow machine may need.
    fn wait_until(what: &str, holds: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !holds() {
            assert!(Instant::now() < deadline, "{what} did not happen");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// Whether an observatory runs on a data directory.
    fn runs_on(data_dir: &Path) -> bool {
        let wanted = format!("up\0--data-dir\0{}\0", data_dir.display());
        let processes = std::fs::read_dir("/proc").unwrap().flatten();
        processes
            .filter_map(|process| std::fs::read(process.path().join("cmdline")).ok())
            .any(|line| String::from_utf8_lossy(&line).contains(&wanted))
    }

    /// A proof of more jobs than it will get to, once its observatory runs.
    fn started(data_dir: &Path) -> Child {
        let prove = command(&["prove", "--jobs", "1000000", "--kills", "0", "--quiet"])
            .arg("--data-dir")
            .arg(data_dir)
            .spawn()
            .unwrap();
        wait_until("the start of the observatory", || runs_on(data_dir));
        prove
    }

    fn signal(child: &Child, signal: &str) {
        let pid = child.id().to_string();
        assert!(
            Command::new("kill")
                .args([signal, &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    #[test]
    fn prove_takes_its_observatory_down_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let mut prove = started(&data);
        signal(&prove, "-INT");
        assert_eq!(prove.wait().unwrap().code(), Some(130));
        assert!(!runs_on(&data), "the observatory is still there");
    }

    /// Killed, it can tell nobody; the observatory sees that its input ends.
    #[test]
    fn an_observatory_ends_when_prove_is_killed() {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        let mut prove = started(&data);
        signal(&prove, "-KILL");
        prove.wait().unwrap();
        wait_until("the end of the observatory", || !runs_on(&data));
    }
}
