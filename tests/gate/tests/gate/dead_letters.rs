//! Messages that nobody can accept.

use anyhow::{Context, Result, ensure};
use gate::{Role, Server, System, eventually};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions};
use lapin::{BasicProperties, Connection, ConnectionProperties};
use serde_json::Value;
use uuid::Uuid;

/// The exchange of the contract.
const EXCHANGE: &str = "observatory";

pub(super) async fn a_message_that_nobody_accepts_arrives_with_its_reason(system: &System) -> Result<()> {
    let mark = Uuid::new_v4().to_string();
    let body = format!(r#"{{"eventType": "job.created", "correlationId": "{mark}"}}"#);
    let url = system.url(Server::RabbitMq);
    let connection = Connection::connect(&url, ConnectionProperties::default()).await?;
    let channel = connection.create_channel().await?;
    channel.confirm_select(ConfirmSelectOptions::default()).await?;
    channel
        .basic_publish(
            EXCHANGE.into(),
            "job.created".into(),
            BasicPublishOptions::default(),
            body.as_bytes(),
            BasicProperties::default(),
        )
        .await?
        .await?;
    let letter: Value = eventually("the dead letter", || async {
        let letters = system.api(Role::ReadModel).json("/dead-letters").await?;
        let letters = letters["items"].as_array().context("a list")?.clone();
        let own = letters
            .into_iter()
            .find(|letter| letter.to_string().contains(&mark));
        own.context("it is not among them")
    })
    .await?;
    let reason = letter["validationError"].as_str();
    ensure!(reason.is_some_and(|reason| !reason.is_empty()), "{letter}");
    Ok(())
}
