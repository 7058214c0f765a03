//! Images of our own services: a program, and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};

use super::tarball;
use crate::binaries;
use crate::run::program;

/// The services, and the ports that they listen on.
const SERVICES: [(&str, &str); 5] = [
    ("gateway", "3000"),
    ("processor", "8000"),
    ("metrics-engine", "8002"),
    ("read-model", "8080"),
    ("web-ui", "8081"),
];

/// Whoever runs them: a number, since there is no list of users in the image.
const USER: &str = "65532:65532";

/// Builds the services and makes an image of each, tagged `gate`: what was built last.
///
/// # Errors
/// When one of them cannot be built.
pub(crate) fn services() -> Result<()> {
    binaries::build(&["observatory-roles"])?;
    for (name, port) in SERVICES {
        one(name, port).with_context(|| format!("image of {name}"))?;
    }
    Ok(())
}

fn one(name: &str, port: &str) -> Result<()> {
    let scratch = tempfile::tempdir().context("no directory for the image")?;
    let (root, archive) = (scratch.path().join("root"), scratch.path().join("root.tar"));
    let service = format!("observatory-{name}");
    lay_out(&root, &service)?;
    tarball(&root, &archive)?;
    let changes = [
        format!("USER {USER}"),
        "WORKDIR /".to_owned(),
        format!("EXPOSE {port}"),
        // Alone in its network, it listens to whoever gets there.
        "ENV OBSERVATORY_BIND=0.0.0.0".to_owned(),
        format!("ENTRYPOINT [\"/{service}\"]"),
        format!("LABEL org.opencontainers.image.title={service}"),
    ];
    let archive = archive.to_string_lossy().into_owned();
    let image = format!("observatory/{name}:gate");
    let mut arguments = vec!["import"];
    arguments.extend(changes.iter().flat_map(|change| ["--change", change.as_str()]));
    arguments.extend([archive.as_str(), image.as_str()]);
    program("docker", &arguments)
}

/// The program without its symbols.
fn lay_out(root: &Path, service: &str) -> Result<()> {
    fs::create_dir_all(root)?;
    let to = root.join(service);
    let (from, to_name) = (binaries::path(service), to.to_string_lossy().into_owned());
    program("strip", &["-o", &to_name, &from.to_string_lossy()])?;
    fs::set_permissions(&to, fs::Permissions::from_mode(0o755))?;
    Ok(())
}
