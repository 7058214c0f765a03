//! The command from outside: exit codes and what is printed where.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Command, Output};

fn observatory(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_observatory"))
        .args(arguments)
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

fn write_schema(dir: &Path, version: &str, required: &str) {
    let schema = format!(
        r#"{{"$version":"{version}","type":"object","required":{required},"properties":{{"a":{{}},"b":{{}}}}}}"#
    );
    std::fs::write(dir.join("thing.json"), schema).unwrap();
}

fn check(old: &Path, new: &Path) -> Output {
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    observatory(&[
        "contracts",
        "check",
        "--against",
        old,
        "--schemas",
        new,
        "--json",
        "--quiet",
    ])
}

#[test]
fn an_under_declared_change_exits_1_and_a_declared_one_0() {
    let (old, new) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_schema(old.path(), "1.0.0", r#"["a"]"#);
    write_schema(new.path(), "1.1.0", r#"["a","b"]"#);
    let output = check(old.path(), new.path());
    assert_eq!(code(&output), 1, "{}", text(&output.stdout));
    assert_eq!(json(&output)["schemas"][0]["verdict"], "under-declared");
    write_schema(new.path(), "2.0.0", r#"["a","b"]"#);
    let output = check(old.path(), new.path());
    assert_eq!(code(&output), 0, "{}", text(&output.stdout));
}

#[test]
fn schemas_that_cannot_be_read_exit_2() {
    let empty = tempfile::tempdir().unwrap();
    for against in [empty.path().to_str().unwrap(), "no-such-revision-anywhere"] {
        let output = observatory(&["contracts", "check", "--against", against]);
        assert_eq!(code(&output), 2, "{against}");
        assert!(text(&output.stderr).starts_with("error: "), "{against}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_wrong_command_line_exits_2() {
    for arguments in [
        &["--nonsense"][..],
        &["prove", "--jobs", "0"],
        &["bench", "--rate", "-1"],
    ] {
        assert_eq!(code(&observatory(arguments)), 2, "{arguments:?}");
    }
}

#[test]
fn prove_leaves_a_directory_with_data_alone() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("mine"), "x").unwrap();
    let output = observatory(&["prove", "--data-dir", dir.path().to_str().unwrap()]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("is not empty"));
    assert!(dir.path().join("mine").exists());
}

#[test]
fn prove_names_a_port_that_is_taken() {
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = holder.local_addr().unwrap().port();
    let offset = (port - 3000).to_string();
    let output = observatory(&["prove", "--port-offset", &offset]);
    assert_eq!(code(&output), 2);
    let words = text(&output.stderr);
    assert!(
        words.contains(&port.to_string()) || words.contains("--port-offset"),
        "{words}"
    );
}
