use std::path::Path;
use std::process::Output;

use crate::support::{code, json, run, text};

fn write_schema(dir: &Path, version: &str, required: &str) {
    let schema = format!(
        r#"{{"$version":"{version}","type":"object","required":{required},"properties":{{"a":{{}},"b":{{}}}}}}"#
    );
    std::fs::write(dir.join("thing.json"), schema).unwrap();
}

fn check(old: &Path, new: &Path) -> Output {
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    run(&[
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
        let output = run(&["contracts", "check", "--against", against]);
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
        assert_eq!(code(&run(arguments)), 2, "{arguments:?}");
    }
}
