//! Whether everything answers that people are told of.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::Full;
use tokio::time::{Instant, sleep};

use super::failure::Failure;
use super::report::Step;
use super::spec::AccessPoint;
use super::up::Cluster;
use crate::http_client::{Target, call};

/// The longest until everything answers; pods are ready by then.
const PATIENCE: Duration = Duration::from_mins(1);
const ANSWER: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(500);

pub(super) async fn probe(cluster: &Cluster, step: Step<'_>) -> Result<(), Failure> {
    let points = &cluster.spec.access_points;
    let end = Instant::now() + PATIENCE;
    for point in points {
        step.show(&point.name);
        while let Err(why) = answers(point).await {
            if Instant::now() >= end {
                return Err(Failure::new(format!(
                    "{} at {} does not answer: {why}",
                    point.name, point.probe
                ))
                .hint("`observatory status` shows what its pods do; `kubectl logs` what they say"));
            }
            sleep(PAUSE).await;
        }
    }
    step.done(&format!("{} answer", points.len()));
    Ok(())
}

/// Whether it answers, with anything but an error.
pub(super) async fn answers(point: &AccessPoint) -> Result<(), String> {
    let uri: Uri = point.probe.parse().map_err(|error| format!("{error}"))?;
    let authority = uri.authority().ok_or("no address")?;
    let target: Target = format!("http://{authority}")
        .parse()
        .map_err(|error| format!("{error}"))?;
    let path = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let request = Request::get(path)
        .body(Full::<Bytes>::default())
        .map_err(|error| error.to_string())?;
    let reply = call(&target, request, ANSWER)
        .await
        .map_err(|error| error.to_string())?;
    match reply.status {
        200..400 => Ok(()),
        status => Err(format!("status {status}")),
    }
}
