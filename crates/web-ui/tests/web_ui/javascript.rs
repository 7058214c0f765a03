//! The page's own logic, tested by node where there is one: the project asks for nothing but Rust.

use std::path::Path;
use std::process::Command;

fn has_node() -> bool {
    let version = Command::new("node").arg("--version").output();
    let text = version.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let major = text.ok().and_then(|text| {
        let digits = text.trim_start_matches('v').split('.').next()?.to_owned();
        digits.parse::<u32>().ok()
    });
    major.is_some_and(|major| major >= 20)
}

#[test]
fn the_page_logic_passes_its_own_tests_where_node_is_installed() {
    if !has_node() {
        println!("skipped: node 20 or newer is not installed");
        return;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/js");
    let tests = std::fs::read_dir(&folder)
        .expect("a folder of tests")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"));
    let output = Command::new("node")
        .arg("--test")
        .args(tests)
        .output()
        .expect("node runs");
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
