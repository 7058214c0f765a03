//! `observatory doctor`, and the first step of `up`: whether this machine has what it takes.

mod machine;
mod programs;

use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::args::DoctorArgs;
use super::create::exists;
use super::failure::Failure;
use super::images::archive;
use super::report::Step;
use super::spec::Spec;
use super::tools::Tools;
use super::up::{Cluster, Kind};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Grade {
    Good,
    /// It may do.
    Doubtful,
    /// It will not do.
    Bad,
}

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    check: &'static str,
    grade: Grade,
    /// What is there.
    found: String,
    /// What can be done, where it is not good.
    #[serde(skip_serializing_if = "String::is_empty")]
    hint: String,
}

impl Finding {
    fn good(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            grade: Grade::Good,
            found: found.into(),
            hint: String::new(),
        }
    }

    fn doubtful(check: &'static str, found: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            check,
            grade: Grade::Doubtful,
            found: found.into(),
            hint: hint.into(),
        }
    }

    fn bad(check: &'static str, failure: Failure) -> Self {
        let Failure { message, hint } = failure;
        Self {
            check,
            grade: Grade::Bad,
            found: message,
            hint,
        }
    }

    fn failure(&self) -> Failure {
        Failure::new(format!("{}: {}", self.check, self.found)).hint(self.hint.clone())
    }
}

/// Prints what was found; 1 where something will not do.
///
/// # Errors
/// When the manifests do not read, or stdout is closed.
pub(crate) async fn run(args: DoctorArgs) -> anyhow::Result<ExitCode> {
    let spec = Spec::read(&args.manifests)?;
    let cluster = Cluster {
        tools: Tools::new(None),
        manifests: args.manifests,
        spec,
    };
    let findings = examine(&cluster, args.images.as_deref()).await;
    for finding in &findings {
        print(finding, args.json)?;
    }
    let is_bad = findings.iter().any(|finding| finding.grade == Grade::Bad);
    Ok(ExitCode::from(u8::from(is_bad)))
}

fn print(finding: &Finding, json: bool) -> anyhow::Result<()> {
    use std::io::Write;
    let mut out = std::io::stdout();
    if json {
        writeln!(out, "{}", serde_json::to_string(finding)?)?;
        return Ok(());
    }
    let mark = match finding.grade {
        Grade::Good => "✓",
        Grade::Doubtful => "!",
        Grade::Bad => "✗",
    };
    writeln!(out, "{mark} {:10} {}", finding.check, finding.found)?;
    if !finding.hint.is_empty() {
        writeln!(out, "  {:10} what to do: {}", "", finding.hint)?;
    }
    Ok(())
}

/// The same as a step: what is doubtful is told, what is bad ends it.
pub(super) async fn check(cluster: &Cluster, kind: Kind<'_>, step: &Step<'_>) -> Result<(), Failure> {
    let findings = examine(cluster, Some(kind.images)).await;
    for finding in findings.iter().filter(|finding| finding.grade == Grade::Doubtful) {
        step.warn(&finding.failure());
    }
    match findings.iter().find(|finding| finding.grade == Grade::Bad) {
        Some(bad) => Err(bad.failure()),
        None => Ok(()),
    }
}

async fn examine(cluster: &Cluster, images: Option<&Path>) -> Vec<Finding> {
    let Cluster { tools, spec, .. } = cluster;
    let mut findings = vec![
        programs::docker(tools).await,
        programs::kind(tools, spec.node_image.as_deref()).await,
        programs::kubectl(tools, spec.node_image.as_deref()).await,
        machine::memory(tools).await,
        machine::disk(tools).await,
        machine::watches(),
    ];
    if let Some(directory) = images {
        findings.push(archives(spec, directory));
    }
    // What holds the ports is the cluster itself, if it is there.
    let there = match &spec.cluster {
        Some(name) => exists(tools, name).await.unwrap_or(false),
        None => true,
    };
    if !there {
        findings.push(machine::ports(spec));
    }
    findings
}

fn archives(spec: &Spec, directory: &Path) -> Finding {
    let missing = spec
        .images
        .iter()
        .find_map(|image| archive(directory, image).err());
    match missing {
        Some(failure) => Finding::bad("images", failure),
        None => Finding::good("images", format!("{} archives", spec.images.len())),
    }
}
