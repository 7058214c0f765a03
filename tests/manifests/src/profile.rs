//! The files of a profile.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Object;

/// A profile, as it is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Everything on one machine.
    Kind,
    /// Several machines, databases of others.
    Production,
}

impl Profile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Kind, Self::Production];

    fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Production => "production",
        }
    }

    /// Every object, in the order of application.
    ///
    /// # Panics
    /// When a file cannot be read, or is no YAML.
    pub fn objects(self) -> Vec<Object> {
        let mut files = self.files();
        files.sort();
        files.iter().flat_map(|file| documents(file)).collect()
    }

    /// What `observatory up` is told beside the objects.
    ///
    /// # Panics
    /// When it cannot be read, or is no JSON.
    pub fn cluster(self) -> Value {
        let path = self.directory().join("cluster.json");
        serde_json::from_str(&read(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn files(self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.directory()).unwrap_or_else(|error| panic!("{self:?}: {error}"));
        let paths = entries.flatten().map(|entry| entry.path());
        paths
            .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
            .collect()
    }

    fn directory(self) -> PathBuf {
        root().join("k8s/rendered").join(self.name())
    }
}

/// The root of the workspace.
pub fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn documents(file: &Path) -> Vec<Object> {
    let text = read(file);
    let documents: Result<Vec<Value>, _> = serde_saphyr::from_multiple(&text);
    let documents = documents.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let file = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    documents
        .into_iter()
        .map(|value| Object::new(&file, value))
        .collect()
}
