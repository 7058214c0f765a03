//! Reads files of a revision through the git program. Only local data is read: nothing is fetched.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::schema_set::LoadError;

/// Every `*.json` file directly in `path_in_repo` at `rev`, with its name and its bytes.
pub(super) fn json_files(
    rev: &str,
    repo_dir: &Path,
    path_in_repo: &str,
) -> Result<Vec<(String, Vec<u8>)>, LoadError> {
    expect_repository(repo_dir)?;
    let commit = resolve(rev, repo_dir)?;
    let folder = path_in_repo.trim_matches('/');
    let mut files = Vec::new();
    for path in list(&commit, repo_dir, folder)? {
        let bytes = succeed("show", run(repo_dir, &["show", &format!("{commit}:{path}")])?)?;
        files.push((path, bytes));
    }
    if files.is_empty() {
        return Err(LoadError::Empty {
            place: format!("{folder} at revision {rev}"),
        });
    }
    Ok(files)
}

fn expect_repository(repo_dir: &Path) -> Result<(), LoadError> {
    let output = run(repo_dir, &["rev-parse", "--git-dir"])?;
    if output.status.success() {
        return Ok(());
    }
    Err(LoadError::NotARepository {
        dir: repo_dir.to_owned(),
        reason: complaint(&output),
    })
}

fn resolve(rev: &str, repo_dir: &Path) -> Result<String, LoadError> {
    let commit = format!("{rev}^{{commit}}");
    let output = run(
        repo_dir,
        &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit],
    )?;
    let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() && !name.is_empty() {
        Ok(name)
    } else {
        Err(LoadError::UnknownRevision(rev.to_owned()))
    }
}

fn list(commit: &str, repo_dir: &Path, folder: &str) -> Result<Vec<String>, LoadError> {
    let pattern = if folder.is_empty() {
        ".".to_owned()
    } else {
        format!("{folder}/")
    };
    let arguments = [
        "ls-tree",
        "-z",
        "--name-only",
        "--full-tree",
        commit,
        "--",
        &pattern,
    ];
    let names = succeed("ls-tree", run(repo_dir, &arguments)?)?;
    let names = String::from_utf8_lossy(&names).into_owned();
    let is_schema = |name: &&str| {
        Path::new(name)
            .extension()
            .is_some_and(|extension| extension == "json")
    };
    Ok(names
        .split('\0')
        .filter(is_schema)
        .map(ToOwned::to_owned)
        .collect())
}

/// Runs git where `repo_dir` decides the repository, even inside a git hook, which names another one.
fn run(repo_dir: &Path, arguments: &[&str]) -> Result<Output, LoadError> {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("LC_ALL", "C")
        .arg("-C")
        .arg(repo_dir)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(LoadError::NoGit)
}

fn succeed(command: &'static str, output: Output) -> Result<Vec<u8>, LoadError> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(LoadError::Git {
        command,
        reason: complaint(&output),
    })
}

/// The first line of what git says.
fn complaint(output: &Output) -> String {
    let words = String::from_utf8_lossy(&output.stderr);
    words
        .lines()
        .next()
        .unwrap_or("no reason given")
        .trim_start_matches("fatal: ")
        .to_owned()
}
