//! The container images that tests run servers from.
//!
//! A recipe is a directory under `tests/images`. `cargo xtask images` builds it from packages of Debian or the Go
//! module proxy, so no registry of images is needed; the image's tag is the hash of its recipe. Where images can be
//! pulled, [`SOURCE`]`=official` makes tests use the official ones, named by their digests.

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The variable that decides where images come from: `official`, or `recipes` (the default).
pub const SOURCE: &str = "OBSERVATORY_TEST_IMAGES";

/// What every image of ours is called, before its own name.
const REPOSITORY: &str = "observatory-test";

/// The file that names what stands in for an image; it makes no difference to the image itself.
const OFFICIAL: &str = "official";

/// The repository's recipes.
pub fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/images")
}

/// Where images come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Built here.
    Recipes,
    /// Pulled from the registry of their makers.
    Official,
}

impl Source {
    /// What the environment says.
    ///
    /// # Errors
    /// When it says neither.
    pub fn from_env() -> Result<Self, ImageError> {
        match std::env::var(SOURCE).as_deref() {
            Ok("official") => Ok(Self::Official),
            Ok("recipes" | "") | Err(_) => Ok(Self::Recipes),
            Ok(other) => Err(ImageError::UnknownSource(other.to_owned())),
        }
    }
}

/// A recipe is not as it should be.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// There is no such recipe.
    #[error("no recipe for an image called {0} under tests/images")]
    Unknown(String),
    /// There is a recipe, and nothing that stands in for it.
    #[error("no official image stands in for {0}")]
    NoOfficial(String),
    /// The environment names no source.
    #[error("{SOURCE}={0} is neither \"recipes\" nor \"official\"")]
    UnknownSource(String),
    /// The recipe cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(PathBuf, #[source] io::Error),
}

/// How an image is made.
#[derive(Clone, Debug)]
pub struct Recipe {
    name: String,
    directory: PathBuf,
}

impl Recipe {
    /// The recipe called `name` under `directory`.
    ///
    /// # Errors
    /// When there is none.
    pub fn named(directory: &Path, name: &str) -> Result<Self, ImageError> {
        let own = directory.join(name);
        if name.is_empty() || name.contains(['/', '.']) || !own.is_dir() {
            return Err(ImageError::Unknown(name.to_owned()));
        }
        Ok(Self {
            name: name.to_owned(),
            directory: own,
        })
    }

    /// Every recipe under `directory`, by name.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn all(directory: &Path) -> Result<Vec<Self>, ImageError> {
        let names = entries(directory)?
            .into_iter()
            .filter(|path| path.is_dir())
            .filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()));
        names.map(|name| Self::named(directory, &name)).collect()
    }

    /// What the image is called, without its repository.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A file of the recipe, which need not be there.
    pub fn path(&self, file: &str) -> PathBuf {
        self.directory.join(file)
    }

    /// The lines of a file of the recipe that say something; none where there is no such file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn lines(&self, file: &str) -> Result<Vec<String>, ImageError> {
        let path = self.path(file);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(ImageError::Unreadable(path, error)),
        };
        let lines = text.lines().map(str::trim);
        Ok(lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(str::to_owned)
            .collect())
    }

    /// The image that this recipe makes: any change of the recipe changes its tag, the head of its hash.
    ///
    /// # Errors
    /// When the recipe cannot be read.
    pub fn image(&self) -> Result<String, ImageError> {
        let mut hash = Sha256::new();
        let official = self.path(OFFICIAL);
        for path in files(&self.directory)?
            .into_iter()
            .filter(|path| *path != official)
        {
            let unreadable = |error| ImageError::Unreadable(path.clone(), error);
            let body = fs::read(&path).map_err(unreadable)?;
            let mode = fs::metadata(&path).map_err(unreadable)?.permissions().mode() & 0o111;
            let name = path.strip_prefix(&self.directory).unwrap_or(&path);
            hash.update(format!("{}\0{mode}\0{}\0", name.display(), body.len()));
            hash.update(&body);
        }
        let hash = hash.finalize();
        let head = hash.first_chunk().copied().unwrap_or_default();
        Ok(format!(
            "{REPOSITORY}/{}:{:016x}",
            self.name,
            u64::from_be_bytes(head)
        ))
    }

    /// The image to run, wherever images come from.
    ///
    /// # Errors
    /// When the recipe cannot be read, or no official image stands in for it.
    pub fn image_from(&self, source: Source) -> Result<String, ImageError> {
        match source {
            Source::Recipes => self.image(),
            Source::Official => self
                .lines(OFFICIAL)?
                .into_iter()
                .next()
                .ok_or_else(|| ImageError::NoOfficial(self.name.clone())),
        }
    }
}

/// Every file below a directory, in an order that is always the same.
fn files(directory: &Path) -> Result<Vec<PathBuf>, ImageError> {
    let mut files = Vec::new();
    for path in entries(directory)? {
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, ImageError> {
    let unreadable = |error| ImageError::Unreadable(directory.to_owned(), error);
    let entries = fs::read_dir(directory).map_err(unreadable)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths.collect::<io::Result<_>>().map_err(unreadable)?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests;
