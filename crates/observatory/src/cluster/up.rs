//! `observatory up --target kind` and `--target cluster`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use super::args::ClusterArgs;
use super::create::Unfinished;
use super::failure::Failure;
use super::report::Reporter;
use super::spec::Spec;
use super::tools::Tools;
use super::{access, apply, create, doctor, images, secrets, wait};
use crate::interrupt;

/// What every step has.
#[derive(Debug)]
pub(super) struct Cluster {
    pub(super) spec: Spec,
    pub(super) tools: Tools,
    pub(super) manifests: PathBuf,
}

/// What a kind cluster needs besides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind<'a> {
    pub(super) name: &'a str,
    pub(super) config: &'a Path,
    pub(super) images: &'a Path,
}

/// Brings everything up, or says why that cannot be.
///
/// # Errors
/// None that it has not told already.
pub(crate) async fn run(args: &ClusterArgs, on_kind: bool) -> anyhow::Result<ExitCode> {
    let reporter = Reporter::new(args.json);
    let begun = Instant::now();
    let unfinished = Unfinished::default();
    let outcome = tokio::select! {
        outcome = steps(args, on_kind, &unfinished, &reporter) => outcome,
        () = interrupt::requested() => {
            reporter.close();
            let tools = Tools::new(None);
            // Whoever asks again does not want to wait for this either.
            tokio::select! {
                () = unfinished.discard(&tools) => {}
                () = interrupt::requested() => {}
            }
            reporter.interrupted();
            return Ok(ExitCode::from(interrupt::EXIT_INTERRUPTED));
        }
    };
    reporter.close();
    match outcome {
        Ok(()) => {
            reporter.ready(begun.elapsed());
            Ok(ExitCode::SUCCESS)
        }
        Err((step, failure)) => {
            reporter.failed(step, &failure);
            Ok(ExitCode::FAILURE)
        }
    }
}

type Failed = (&'static str, Failure);

async fn steps(
    args: &ClusterArgs,
    on_kind: bool,
    unfinished: &Unfinished,
    reporter: &Reporter,
) -> Result<(), Failed> {
    let at = |step: &'static str| move |failure: Failure| (step, failure);
    let manifests = required(args.manifests.as_ref(), "--manifests DIR").map_err(at("arguments"))?;
    let spec = Spec::read(manifests).map_err(at("arguments"))?;
    let context = spec.context(args.context.as_deref()).map_err(at("arguments"))?;
    let cluster = Cluster {
        tools: Tools::new(Some(&context)),
        manifests: manifests.clone(),
        spec,
    };
    if on_kind {
        let kind = kind(args, &cluster.spec).map_err(at("arguments"))?;
        let step = reporter.step("doctor");
        doctor::check(&cluster, kind, &step).await.map_err(at("doctor"))?;
        step.done("this machine has what it takes");
        create::create(&cluster, kind, unfinished, reporter.step("cluster"))
            .await
            .map_err(at("cluster"))?;
        images::load(&cluster, kind, reporter.step("images"))
            .await
            .map_err(at("images"))?;
    }
    secrets::ensure(&cluster, reporter.step("secrets"))
        .await
        .map_err(at("secrets"))?;
    apply::apply(&cluster, reporter.step("manifests"))
        .await
        .map_err(at("manifests"))?;
    wait::wait(&cluster, reporter.step("workloads"))
        .await
        .map_err(at("workloads"))?;
    // Access points are ports of a node that was made for them.
    if on_kind {
        let step = reporter.step("access");
        access::probe(&cluster, step).await.map_err(at("access"))?;
        for point in &cluster.spec.access_points {
            reporter.access_point(&point.name, &point.url);
        }
    }
    Ok(())
}

fn kind<'a>(args: &'a ClusterArgs, spec: &'a Spec) -> Result<Kind<'a>, Failure> {
    let name = spec.cluster.as_deref().ok_or_else(|| {
        Failure::new("these manifests are for no kind cluster")
            .hint("--target cluster applies them to one that is there")
    })?;
    Ok(Kind {
        name,
        config: required(args.kind_config.as_ref(), "--kind-config FILE")?,
        images: required(args.images.as_ref(), "--images DIR")?,
    })
}

fn required<'a>(given: Option<&'a PathBuf>, option: &str) -> Result<&'a PathBuf, Failure> {
    given.ok_or_else(|| {
        Failure::new(format!("{option} is missing"))
            .hint("`nix run .#up` has all of them; docs/up.md says what they are")
    })
}
