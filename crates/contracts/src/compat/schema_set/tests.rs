use std::process::Command;

use tempfile::TempDir;

use super::*;

struct Repository(TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Self(tempfile::tempdir().unwrap());
        repository.git(&["init", "--quiet"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let identity = [
            "-c",
            "user.name=test",
            "-c",
            "user.email=test@localhost",
            "-c",
            "commit.gpgsign=false",
        ];
        let mut command = Command::new("git");
        for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(name);
        }
        let status = command
            .arg("-C")
            .arg(self.0.path())
            .args(identity)
            .args(arguments)
            .status()
            .unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.0.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn commit(&self, tag: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", tag]);
        self.git(&["tag", tag]);
    }

    fn load(&self, rev: &str, path: &str) -> Result<SchemaSet, String> {
        SchemaSet::from_git(rev, self.0.path(), path).map_err(|error| error.to_string())
    }
}

fn names(set: &SchemaSet) -> Vec<&str> {
    set.iter().map(|(name, _)| name).collect()
}

#[test]
fn the_current_set_has_every_embedded_schema() {
    let names_of_files: Vec<&str> = schemas::ALL.iter().map(|file| file.name).collect();
    assert_eq!(names(&SchemaSet::current()), names_of_files);
}

#[test]
fn the_directory_of_the_sources_is_the_current_set() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    assert_eq!(
        SchemaSet::from_dir(&dir).unwrap().schemas,
        SchemaSet::current().schemas
    );
}

#[test]
fn a_revision_is_read_as_it_was_and_other_files_are_left_out() {
    let repository = Repository::new();
    repository.write("contracts/schemas/job.json", r#"{"$version":"1.0.0"}"#);
    repository.write("contracts/schemas/RULES.md", "rules");
    repository.write("contracts/schemas/deeper/x.json", "{}");
    repository.commit("first");
    repository.write("contracts/schemas/job.json", r#"{"$version":"2.0.0"}"#);
    repository.write("contracts/schemas/new.json", "{}");
    repository.commit("second");
    let first = repository.load("first", "contracts/schemas").unwrap();
    assert_eq!(names(&first), ["job"]);
    assert_eq!(first.get("job").unwrap()["$version"], "1.0.0");
    let head = SchemaSet::from_git(
        "HEAD",
        &repository.0.path().join("contracts"),
        "/contracts/schemas/",
    )
    .unwrap();
    assert_eq!(names(&head), ["job", "new"]);
}

#[test]
fn an_unknown_revision_is_named() {
    let repository = Repository::new();
    repository.commit("first");
    for rev in ["v9", "--help", "", "first:x"] {
        assert_eq!(
            repository.load(rev, "schemas").unwrap_err(),
            format!("the repository knows no revision `{rev}`")
        );
    }
}

#[test]
fn a_revision_without_schemas_says_so() {
    let repository = Repository::new();
    repository.write("README.md", "x");
    repository.commit("first");
    let error = repository.load("first", "schemas").unwrap_err();
    assert_eq!(error, "no schemas (*.json) in schemas at revision first");
}

#[test]
fn a_directory_outside_any_repository_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let error = SchemaSet::from_git("HEAD", dir.path(), "schemas")
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("is not in a git repository: not a git repository"),
        "{error}"
    );
}

#[test]
fn a_file_that_is_no_json_is_named_with_its_fault() {
    let repository = Repository::new();
    repository.write("schemas/job.json", r#"{"a":1,"a":2}"#);
    repository.commit("first");
    let error = repository.load("first", "schemas").unwrap_err();
    assert_eq!(error, "schemas/job.json is no schema: duplicate key `a` at `/a`");
}

#[test]
fn an_empty_or_missing_directory_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let error = SchemaSet::from_dir(dir.path()).unwrap_err().to_string();
    assert!(error.starts_with("no schemas (*.json) in "), "{error}");
    let error = SchemaSet::from_dir(&dir.path().join("gone"))
        .unwrap_err()
        .to_string();
    assert!(error.starts_with("cannot read "), "{error}");
}
