//! The way of a job through every part.

use anyhow::{Context, Result, ensure};
use contracts::Envelope;
use gate::{Role, Server, System, eventually};
use mongodb::bson::{Document, doc};
use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

/// Submits a job and gives its identifiers.
async fn submit(system: &System, job: &Value) -> Result<(Uuid, Uuid)> {
    let answer = system.api(Role::Gateway).post("/jobs", job).await?;
    ensure!(answer.status == 202, "{} {}", answer.status, answer.text());
    let accepted = answer.json()?;
    let id = |member: &str| anyhow::Ok(accepted[member].as_str().context("an id")?.parse()?);
    Ok((id("jobId")?, id("eventId")?))
}

/// The job, once it has completed.
async fn completed(system: &System, id: Uuid) -> Result<Value> {
    eventually("the completed job", || async {
        let job = system.api(Role::ReadModel).json(&format!("/jobs/{id}")).await?;
        ensure!(job["status"] == "COMPLETED", "{job}");
        Ok(job)
    })
    .await
}

async fn events(system: &System) -> Result<mongodb::Collection<Document>> {
    let client = mongodb::Client::with_uri_str(system.url(Server::MongoDb)).await?;
    Ok(client.database("observatory").collection("job_events"))
}

async fn counted(system: &System) -> Result<u64> {
    let stats = system.api(Role::ReadModel).json("/stats").await?;
    stats["completedJobs"].as_u64().context("a number")
}

pub(super) async fn an_accepted_job_is_an_event_in_mongodb_a_row_in_postgresql_and_counted_in_redis(
    system: &System,
) -> Result<()> {
    let before = counted(system).await?;
    let (id, event_id) = submit(system, &json!({"type": "echo", "payload": {"hello": "gate"}})).await?;
    let job = completed(system, id).await?;
    ensure!(job["result"] == json!({"hello": "gate"}), "{job}");

    let events = events(system).await?;
    eventually("the event in MongoDB", || async {
        let found = events.find_one(doc! {"eventid": event_id.to_string()}).await?;
        found.map(drop).context("no document with its id")
    })
    .await?;

    let mut postgres = PgConnection::connect(&system.url(Server::Postgres)).await?;
    let row: (i32,) = sqlx::query_as("SELECT attempt FROM jobs WHERE id = $1")
        .bind(id)
        .fetch_one(&mut postgres)
        .await?;
    ensure!(row.0 == 1, "{row:?}");

    eventually("the count", || async {
        ensure!(counted(system).await? > before);
        Ok(())
    })
    .await?;
    let mut redis = redis::Client::open(system.url(Server::Redis))?
        .get_multiplexed_async_connection()
        .await?;
    let keys: Vec<String> = redis::cmd("KEYS")
        .arg("*observatory*")
        .query_async(&mut redis)
        .await?;
    ensure!(!keys.is_empty(), "the counters are not in Redis");
    Ok(())
}

pub(super) async fn documents_in_mongodb_are_valid_envelopes(system: &System) -> Result<()> {
    let (id, _) = submit(system, &json!({"type": "nobody-handles-this"})).await?;
    eventually("the failed job", || async {
        let job = system.api(Role::ReadModel).json(&format!("/jobs/{id}")).await?;
        ensure!(job["status"] == "FAILED", "{job}");
        Ok(())
    })
    .await?;
    let events = events(system).await?;
    let of_job = || async {
        let mut found = events.find(doc! {"jobid": id.to_string()}).await?;
        let mut bodies = Vec::new();
        while found.advance().await? {
            bodies.push(found.deserialize_current()?.get_str("body")?.to_owned());
        }
        ensure!(bodies.len() == 3, "created, executed and failed: {bodies:?}");
        Ok(bodies)
    };
    for body in eventually("its events", of_job).await? {
        let envelope =
            Envelope::from_slice(body.as_bytes()).map_err(|error| anyhow::anyhow!("{error}: {body}"))?;
        let job = envelope
            .job()
            .map_err(|error| anyhow::anyhow!("{error}: {body}"))?;
        ensure!(job.id == id, "{body}");
    }
    Ok(())
}

pub(super) async fn the_page_and_its_api_answer(system: &System) -> Result<()> {
    let page = system.api(Role::WebUi).get("/").await?;
    ensure!(
        page.status == 200 && page.text().contains("<html"),
        "{}",
        page.text()
    );
    let stats = system.api(Role::WebUi).json("/api/stats").await?;
    ensure!(stats["totalJobs"].is_u64(), "{stats}");
    let answer = system
        .api(Role::WebUi)
        .post("/gateway/jobs", &json!({"type": "echo"}))
        .await?;
    ensure!(answer.status == 202, "{} {}", answer.status, answer.text());
    Ok(())
}
