//! What Prometheus reads.

use anyhow::{Result, ensure};
use gate::{Role, System};

pub(super) async fn every_service_exposes_metrics(system: &System) -> Result<()> {
    for role in Role::ALL {
        let answer = system.api(role).get("/metrics").await?;
        let text = answer.text();
        let lines = text.lines().filter(|line| line.starts_with("# TYPE ")).count();
        ensure!(
            answer.status == 200 && lines > 0,
            "{}: {} {text}",
            role.name(),
            answer.status
        );
        let live = system.api(role).get("/livez").await?;
        ensure!(live.status == 200, "{}: {}", role.name(), live.text());
    }
    Ok(())
}
