//! One fault under load, and the verdict.

use std::cell::Cell;
use std::path::Path;
use std::pin::pin;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use gate::Api;
use serde_json::Value;
use tokio::time::{sleep, timeout};

use crate::faults::Fault;
use crate::programs;
use crate::stage::Stage;

/// How long everything may take, until the last job has ended.
const LIMIT: Duration = Duration::from_mins(5);

/// How many jobs there are before the fault strikes.
const FIRST: u64 = 200;

/// Submits jobs, strikes, and reads the verdict.
pub(crate) async fn run(stage: &Stage, fault: &Fault) -> Result<()> {
    let offset = programs::free_offset()?;
    let mut command = programs::observatory(stage)?;
    command
        .args(["prove", "--target", "services", "--json", "--patience", "90"])
        .args(programs::placed(offset)?)
        .args(fault.arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let proving = command.spawn().context("cannot start the observatory")?;
    let read_model = Api::new(8080 + offset);
    let began = Instant::now();
    let began_to_strike = Cell::new(false);
    let strike = async {
        loaded(&read_model).await?;
        began_to_strike.set(true);
        (fault.strike)(stage).await
    };
    let mut proved = pin!(timeout(LIMIT, proving.wait_with_output()));
    let output = tokio::select! {
        struck = strike => {
            struck.context("the fault could not be made")?;
            proved.await
        }
        // With an error, or after all has gone well while the last server was on its way back.
        output = &mut proved => output,
    };
    let output = output.with_context(|| format!("no verdict within {LIMIT:?}"))??;
    let (said, report) = (String::from_utf8_lossy(&output.stderr), last_line(&output.stdout));
    let report = report.with_context(|| format!("no verdict: {said}"))?;
    tell(fault, &report, began.elapsed());
    for nothing in ["lost", "duplicated", "unexpected"] {
        if report[nothing] != 0 {
            keep_logs(stage, &said).await;
            bail!("{nothing}: {report}\n{said}");
        }
    }
    ensure!(output.status.success(), "{}: {report}\n{said}", output.status);
    ensure!(began_to_strike.get(), "all was over before the fault: {report}");
    Ok(())
}

/// Waits until there is something to be lost.
async fn loaded(read_model: &Api) -> Result<()> {
    let since = Instant::now();
    while since.elapsed() < LIMIT {
        if let Ok(stats) = read_model.json("/stats").await
            && stats["totalJobs"].as_u64().is_some_and(|jobs| jobs >= FIRST)
        {
            return Ok(());
        }
        sleep(Duration::from_millis(50)).await;
    }
    bail!("no load within {LIMIT:?}")
}

fn last_line(output: &[u8]) -> Result<Value> {
    let text = String::from_utf8_lossy(output);
    let line = text.lines().last().context("nothing on stdout")?;
    Ok(serde_json::from_str(line)?)
}

/// A row of the table in docs/faults.md.
#[expect(clippy::print_stderr, reason = "for the person who runs the tests")]
fn tell(fault: &Fault, report: &Value, took: Duration) {
    let number = |name: &str| report[name].to_string();
    eprintln!(
        "| {} | {} | {} | {} | {} | {} ms | {} s |",
        fault.name,
        number("accepted"),
        number("lost"),
        number("duplicated"),
        number("unexpected"),
        number("longest_gap_ms"),
        took.as_secs()
    );
}

async fn keep_logs(stage: &Stage, said: &str) {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/chaos-logs");
    let directory = directory.join(stage.name.replace(' ', "-"));
    if std::fs::create_dir_all(&directory).is_err() {
        return;
    }
    let servers = [
        ("rabbitmq", stage.rabbitmq.server()),
        ("postgres", stage.postgres.server()),
        ("redis", stage.redis.server()),
        ("mongodb", stage.mongodb.server()),
    ];
    let _observatory = std::fs::write(directory.join("observatory.log"), said);
    for (name, server) in servers {
        let _log = std::fs::write(
            directory.join(name).with_extension("log"),
            server.logs(10_000).await,
        );
    }
}
