//! Images onto the node: those that it does not have, several at once.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;

use super::failure::Failure;
use super::node;
use super::report::Step;
use super::tools::{LONG, SHORT, Tools};
use super::up::{Cluster, Kind};

/// How many are loaded at once: each is read, sent and unpacked, which keeps a disk busy.
const AT_ONCE: usize = 3;

pub(super) async fn load(cluster: &Cluster, kind: Kind<'_>, step: Step<'_>) -> Result<(), Failure> {
    let present = present(&cluster.tools, kind.name).await?;
    let missing: Vec<_> = cluster
        .spec
        .images
        .iter()
        .filter(|image| !present.contains(*image))
        .collect();
    let total = missing.len();
    let loads = missing.into_iter().map(|image| one(&cluster.tools, kind, image));
    let mut loading = stream::iter(loads).buffer_unordered(AT_ONCE);
    let mut done = 0;
    while let Some(image) = loading.try_next().await? {
        done += 1;
        step.show(&format!("{done} of {total}: {image}"));
    }
    if total > 0 {
        verify(cluster, kind).await?;
    }
    let there = cluster.spec.images.len() - total;
    step.done(&format!("{total} loaded, {there} there already"));
    Ok(())
}

/// An archive that has another image than its name says would be found out only by a pod that waits for it.
async fn verify(cluster: &Cluster, kind: Kind<'_>) -> Result<(), Failure> {
    let present = present(&cluster.tools, kind.name).await?;
    let Some(image) = cluster.spec.images.iter().find(|image| !present.contains(*image)) else {
        return Ok(());
    };
    Err(Failure::new(format!(
        "{} is not on the node, though {} was loaded",
        image,
        archive(kind.images, image)?.display()
    ))
    .hint("the archive has another image: --images and --manifests have to be of the same version"))
}

async fn one<'a>(tools: &Tools, kind: Kind<'_>, image: &'a str) -> Result<&'a str, Failure> {
    let archive = archive(kind.images, image)?;
    let archive = archive.to_string_lossy();
    let load = ["load", "image-archive", &archive, "--name", kind.name];
    tools.kind.ask(&load, LONG).await?;
    Ok(image)
}

/// The archive of an image.
pub(super) fn archive(directory: &Path, image: &str) -> Result<PathBuf, Failure> {
    let name = name(image);
    let candidates = ["tar", "tar.gz"].map(|extension| directory.join(format!("{name}.{extension}")));
    let found = candidates.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| {
        Failure::new(format!(
            "{} has no {name}.tar or {name}.tar.gz for {image}",
            directory.display()
        ))
        .hint("--images names a directory with an archive for each image; `nix build .#images` makes one")
    })
}

/// `observatory/gateway:0.1.0` → `gateway`.
fn name(image: &str) -> &str {
    let path = image.split(':').next().unwrap_or(image);
    path.rsplit('/').next().unwrap_or(path)
}

/// What every node has, by the names that the manifests use.
async fn present(tools: &Tools, cluster: &str) -> Result<HashSet<String>, Failure> {
    let mut everywhere: Option<HashSet<String>> = None;
    for node in node::names(tools, cluster).await? {
        let images = ["exec", &node, "crictl", "images", "--output", "json"];
        let here = parse(&tools.docker.ask(&images, SHORT).await?)?;
        everywhere = Some(match everywhere {
            Some(others) => others.intersection(&here).cloned().collect(),
            None => here,
        });
    }
    Ok(everywhere.unwrap_or_default())
}

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    images: Vec<ListedImage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedImage {
    #[serde(default)]
    repo_tags: Option<Vec<String>>,
}

fn parse(text: &str) -> Result<HashSet<String>, Failure> {
    let listed: Listed = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("what the node says of its images does not read: {error}")))?;
    let tags = listed
        .images
        .into_iter()
        .flat_map(|image| image.repo_tags.unwrap_or_default());
    // Images without a registry have this one's name.
    let short = |tag: String| tag.strip_prefix("docker.io/").map_or(tag.clone(), str::to_owned);
    Ok(tags.map(short).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_the_node_have_the_names_of_the_manifests() {
        let listed = r#"{"images":[{"id":"1","repoTags":["docker.io/observatory/edge:1"]},{"repoTags":null},
            {"repoTags":["registry.k8s.io/pause:3.10"]}]}"#;
        let present = parse(listed).unwrap();
        assert!(present.contains("observatory/edge:1") && present.contains("registry.k8s.io/pause:3.10"));
        assert!(parse("no").is_err());
    }

    #[test]
    fn an_archive_is_found_by_the_name_of_its_image() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("web-ui.tar.gz"), "").unwrap();
        let found = archive(directory.path(), "observatory/web-ui:0.1.0").unwrap();
        assert!(found.ends_with("web-ui.tar.gz"));
        let missing = archive(directory.path(), "observatory/edge:0.1.0").unwrap_err();
        assert!(missing.message.contains("edge.tar"), "{missing}");
    }
}
