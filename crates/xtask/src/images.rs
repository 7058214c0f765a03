//! Makes the container images of `tests/images`.

mod debian;
mod go;
mod services;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use test_images::{Recipe, Source, directory};

use crate::provision::provision;
use crate::run::{program, say, succeeds};
pub(crate) use services::services;

/// Makes images: those of our own services, or the named recipes, or all recipes. `may_install` says whether to install
/// and start what is missing first.
pub(crate) fn task(names: &[String], may_install: bool, ours: bool) -> Result<()> {
    if may_install || std::env::var_os("CI").is_some() {
        provision()?;
    }
    if ours { services() } else { make(names) }
}

/// Makes the images of the named recipes, or of all of them.
pub(crate) fn make(names: &[String]) -> Result<()> {
    let source = Source::from_env()?;
    for recipe in chosen(names)? {
        one(&recipe, source).with_context(|| format!("image {}", recipe.name()))?;
    }
    Ok(())
}

fn chosen(names: &[String]) -> Result<Vec<Recipe>> {
    let directory = directory();
    if names.is_empty() {
        return Ok(Recipe::all(&directory)?);
    }
    let wanted = names.iter().map(|name| Recipe::named(&directory, name));
    Ok(wanted.collect::<Result<_, _>>()?)
}

fn one(recipe: &Recipe, source: Source) -> Result<()> {
    let image = recipe.image_from(source)?;
    if succeeds("docker", &["image", "inspect", &image]) {
        say(&format!("{image} is there already"));
        return Ok(());
    }
    let since = Instant::now();
    match source {
        Source::Official => program("docker", &["pull", &image])?,
        Source::Recipes => build(recipe, &image)?,
    }
    say(&format!("{image} made in {:.0} s", since.elapsed().as_secs_f64()));
    Ok(())
}

/// Makes the file system of an image and gives it to the engine with the instructions of the recipe.
fn build(recipe: &Recipe, image: &str) -> Result<()> {
    let scratch = tempfile::tempdir().context("no directory for the image")?;
    let tarball = scratch.path().join("root.tar");
    if recipe.path("go.mod").exists() {
        go::root(recipe, scratch.path(), &tarball)?;
    } else {
        debian::root(recipe, &tarball)?;
    }
    let mut arguments = vec!["import".to_owned()];
    for line in recipe.lines("image")? {
        arguments.extend(["--change".to_owned(), line]);
    }
    arguments.extend([tarball.to_string_lossy().into_owned(), image.to_owned()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    program("docker", &arguments)
}

/// Packs a directory so that the same content gives the same bytes.
fn tarball(root: &Path, to: &Path) -> Result<()> {
    let (root, to) = (root.to_string_lossy(), to.to_string_lossy());
    let plain = ["--sort=name", "--mtime=@0", "--numeric-owner", "--create"];
    program(
        "tar",
        &[&plain[..], &["--file", &to, "--directory", &root, "."]].concat(),
    )
}
