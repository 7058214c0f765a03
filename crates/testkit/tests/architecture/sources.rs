//! How the sources are kept.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use crate::graph::workspace;

/// The longest source file, in lines: beyond that, a reader loses the thread.
const LONGEST: usize = 400;

/// Every Rust file of the workspace.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["crates", "tests"] {
        walk(&workspace().join(folder), &mut found);
    }
    assert!(found.len() > 100, "only {} sources found", found.len());
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a folder of the workspace can be read").path();
        if path.is_dir() && path.file_name() != Some(OsStr::new("target")) {
            walk(&path, found);
        } else if path.extension() == Some(OsStr::new("rs")) {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn no_source_file_is_too_long() {
    let long = sources()
        .into_iter()
        .filter(|path| read(path).lines().count() > LONGEST);
    assert_eq!(long.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn no_module_is_called_mod() {
    let found = sources()
        .into_iter()
        .filter(|path| path.file_name() == Some(OsStr::new("mod.rs")));
    assert_eq!(found.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

/// A case that is in no suite is run by nobody.
#[test]
fn every_conformance_case_is_in_its_suite() {
    let folder = workspace().join("crates/ports/src/conformance");
    let mut cases = 0;
    for port in ["bus", "job_store", "event_log", "live_stats"] {
        let mut topics = Vec::new();
        walk(&folder.join(port), &mut topics);
        // The suite is in the port's own file, or in lists beside the topics where there are many.
        let lists = topics.iter().filter(|topic| topic.ends_with("lists.rs"));
        let suite = lists.fold(read(&folder.join(port).with_extension("rs")), |suite, list| {
            suite + &read(list)
        });
        for topic in topics {
            for case in read(&topic).lines().filter_map(case_name) {
                cases += 1;
                assert!(suite.contains(&format!(" {case},")), "{port} has no {case}");
            }
        }
    }
    assert!(cases > 100, "only {cases} cases found");
}

/// The name of the case that begins in this line.
fn case_name(line: &str) -> Option<&str> {
    line.strip_prefix("pub async fn ")?.split('(').next()
}
