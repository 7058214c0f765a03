//! `observatory status`.

use std::process::ExitCode;

use serde::Serialize;

use super::access::answers;
use super::args::StatusArgs;
use super::spec::Spec;
use super::tools::Tools;
use super::wait::{Snapshot, images, readiness, restarts, troubles};
use crate::client::style::printable;

/// The exit code where something is not as it should be.
const EXIT_NOT_WHOLE: u8 = 1;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    workloads: Vec<WorkloadStatus>,
    access_points: Vec<PointStatus>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WorkloadStatus {
    name: String,
    /// What the cluster has; empty where it does not have the workload.
    image: String,
    ready: u64,
    wanted: u64,
    restarts: u64,
    /// Why a pod is not ready, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PointStatus {
    name: String,
    url: String,
    answers: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Prints what runs; 1 where something is not ready or does not answer.
///
/// # Errors
/// When nobody can be asked.
pub(crate) async fn run(args: StatusArgs) -> anyhow::Result<ExitCode> {
    let spec = Spec::read(&args.manifests)?;
    let tools = Tools::new(Some(&spec.context(args.context.as_deref())?));
    let snapshot = Snapshot::take(&tools, &spec.namespace).await.map_err(|failure| {
        failure.hint("see whether the cluster is there and runs; `observatory up` makes or starts it")
    })?;
    let status = Status {
        workloads: workloads(&spec, &snapshot),
        // They are this machine's where the cluster is a kind one.
        access_points: if args.context.is_some() {
            Vec::new()
        } else {
            points(&spec).await
        },
    };
    if args.json {
        println(&serde_json::to_string(&status)?)?;
    } else {
        println(&table(&status))?;
    }
    Ok(if status.is_whole() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(EXIT_NOT_WHOLE)
    })
}

fn println(text: &str) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(std::io::stdout(), "{text}")
}

fn workloads(spec: &Spec, snapshot: &Snapshot) -> Vec<WorkloadStatus> {
    let status = spec.workloads.iter().map(|workload| {
        let found = readiness(&snapshot.items, workload);
        let trouble = troubles(&snapshot.items, &workload.name).into_iter().next();
        WorkloadStatus {
            name: workload.name.clone(),
            image: images(&snapshot.items, workload),
            ready: found.ready,
            wanted: found.wanted,
            restarts: restarts(&snapshot.items, &workload.name),
            trouble: trouble.map(|trouble| printable(&format!("{}: {}", trouble.reason, trouble.message))),
        }
    });
    status.collect()
}

async fn points(spec: &Spec) -> Vec<PointStatus> {
    let mut points = Vec::new();
    for point in &spec.access_points {
        let why = answers(point).await.err();
        points.push(PointStatus {
            name: point.name.clone(),
            url: point.url.clone(),
            answers: why.is_none(),
            why,
        });
    }
    points
}

impl Status {
    fn is_whole(&self) -> bool {
        let ready = |workload: &WorkloadStatus| workload.wanted > 0 && workload.ready >= workload.wanted;
        self.workloads.iter().all(ready) && self.access_points.iter().all(|point| point.answers)
    }
}

fn table(status: &Status) -> String {
    let mut lines = vec![format!(
        "{:16} {:>7} {:>9}  {}",
        "WORKLOAD", "READY", "RESTARTS", "IMAGE"
    )];
    for workload in &status.workloads {
        let ready = format!("{}/{}", workload.ready, workload.wanted);
        lines.push(format!(
            "{:16} {ready:>7} {:>9}  {}",
            workload.name, workload.restarts, workload.image
        ));
        lines.extend(workload.trouble.as_ref().map(|trouble| format!("  {trouble}")));
    }
    if !status.access_points.is_empty() {
        lines.push(String::new());
        lines.push(format!("{:28} {:24} {}", "ACCESS POINT", "URL", "ANSWERS"));
    }
    for point in &status.access_points {
        let answers = point.why.as_deref().unwrap_or("yes");
        lines.push(format!("{:28} {:24} {answers}", point.name, point.url));
    }
    lines.join("\n")
}
