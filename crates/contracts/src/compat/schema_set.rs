//! All schemas of one moment: of this build, of a directory, of a revision.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::git;
use crate::schemas;
use crate::strict::{StrictError, parse_strict};

/// All schemas of one moment, by the name of their file without its extension.
#[derive(Clone, Debug, PartialEq)]
pub struct SchemaSet {
    origin: String,
    schemas: BTreeMap<String, Value>,
}

/// Why schemas could not be read.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The directory or a file in it cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file is no JSON document.
    #[error("{file} is no schema: {source}")]
    NotJson {
        /// The file, with its revision where it has one.
        file: String,
        /// What is wrong with it.
        source: StrictError,
    },
    /// There is no `*.json` file.
    #[error("no schemas (*.json) in {place}")]
    Empty {
        /// Where they were looked for.
        place: String,
    },
    /// The git program did not start.
    #[error("cannot run git: {0}")]
    NoGit(#[source] io::Error),
    /// The directory belongs to no repository that git would read.
    #[error("{} is not in a git repository: {reason}", dir.display())]
    NotARepository {
        /// The directory.
        dir: PathBuf,
        /// What git says.
        reason: String,
    },
    /// The repository has no such commit.
    #[error("the repository knows no revision `{0}`")]
    UnknownRevision(String),
    /// Git failed in another way.
    #[error("git {command} failed: {reason}")]
    Git {
        /// The subcommand.
        command: &'static str,
        /// What git says.
        reason: String,
    },
}

impl SchemaSet {
    /// The schemas of this build.
    pub fn current() -> Self {
        let parsed = schemas::ALL.into_iter().map(|file| {
            let schema = serde_json::from_str(file.text).expect("a test parses every embedded schema");
            (file.name.to_owned(), schema)
        });
        Self {
            origin: "this build".to_owned(),
            schemas: parsed.collect(),
        }
    }

    /// The schemas in a directory: every `*.json` file directly inside it.
    ///
    /// # Errors
    /// When the directory or a file cannot be read, or when there is no schema.
    pub fn from_dir(path: &Path) -> Result<Self, LoadError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| LoadError::Unreadable { path, source }
        };
        let mut files = Vec::new();
        for entry in path.read_dir().map_err(unreadable(path))? {
            let file = entry.map_err(unreadable(path))?.path();
            if file.extension().is_some_and(|extension| extension == "json") {
                let bytes = std::fs::read(&file).map_err(unreadable(&file))?;
                files.push((file.to_string_lossy().into_owned(), bytes));
            }
        }
        Self::from_files(path.display().to_string(), files)
    }

    /// The schemas of a revision (a commit, a branch, a tag) of the repository that holds `repo_dir`.
    /// `path_in_repo` counts from the top of the repository.
    ///
    /// # Errors
    /// When git is missing, the directory belongs to no repository, the revision is unknown, or has no schemas
    /// at that path.
    pub fn from_git(rev: &str, repo_dir: &Path, path_in_repo: &str) -> Result<Self, LoadError> {
        let files = git::json_files(rev, repo_dir, path_in_repo)?;
        Self::from_files(format!("{path_in_repo} at {rev}"), files)
    }

    /// Where the schemas are from, in words.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Every schema with its name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.schemas.iter().map(|(name, schema)| (name.as_str(), schema))
    }

    /// One schema.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.schemas.get(name)
    }

    fn from_files(origin: String, files: Vec<(String, Vec<u8>)>) -> Result<Self, LoadError> {
        if files.is_empty() {
            return Err(LoadError::Empty { place: origin });
        }
        let mut schemas = BTreeMap::new();
        for (file, bytes) in files {
            let schema = parse_strict(&bytes).map_err(|source| LoadError::NotJson {
                file: file.clone(),
                source,
            })?;
            schemas.insert(name_of(&file), schema);
        }
        Ok(Self { origin, schemas })
    }
}

fn name_of(file: &str) -> String {
    Path::new(file)
        .file_stem()
        .map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests;
