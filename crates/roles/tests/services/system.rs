//! The servers and the programs on them.

use std::process::Stdio;

use http::Request;
use serde_json::Value;
use service::client::ClientBuilder;
use testkit::servers::{MongoDbServer, PostgresServer, RabbitMqServer, RedisServer, skip_if_told};
use testkit::wait_for;

use crate::support::{PATIENCE, Running};

/// One of each server.
pub(crate) struct Servers {
    pub(crate) rabbitmq: RabbitMqServer,
    pub(crate) postgres: PostgresServer,
    pub(crate) redis: RedisServer,
    pub(crate) mongodb: MongoDbServer,
}

impl Servers {
    /// Starts them.
    pub(crate) async fn start() -> Self {
        skip_if_told();
        let (rabbitmq, postgres, redis, mongodb) = tokio::join!(
            RabbitMqServer::start(),
            PostgresServer::start(),
            RedisServer::start(),
            MongoDbServer::start()
        );
        Self {
            rabbitmq,
            postgres,
            redis,
            mongodb,
        }
    }

    /// Where they are, as the published system names it.
    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("RABBITMQ_URL", self.rabbitmq.default_url()),
            ("POSTGRES_URL", self.postgres.url("observatory")),
            ("REDIS_URL", self.redis.url()),
            ("MONGO_URL", self.mongodb.url()),
        ]
    }
}

/// The whole observatory as processes.
pub(crate) struct System {
    pub(crate) gateway: Running,
    pub(crate) processors: Vec<Running>,
    pub(crate) metrics_engine: Running,
    pub(crate) read_model: Running,
    pub(crate) web_ui: Running,
    variables: Vec<(&'static str, String)>,
}

impl System {
    /// Starts every role, so many processors, and waits until each is ready.
    pub(crate) async fn start(servers: &Servers, processors: usize) -> Self {
        let variables = servers.variables();
        let start = |program| role(program, &variables);
        let (gateway, read_model) = (start("observatory-gateway"), start("observatory-read-model"));
        let urls = [
            ("GATEWAY_URL", gateway.url("")),
            ("READ_MODEL_URL", read_model.url("")),
        ];
        let system = Self {
            processors: (0..processors).map(|_| start("observatory-processor")).collect(),
            metrics_engine: start("observatory-metrics-engine"),
            web_ui: role("observatory-web-ui", &urls),
            gateway,
            read_model,
            variables,
        };
        for role in system.roles() {
            role.wait_until_ok("/readyz").await;
        }
        system
    }

    /// One processor more.
    pub(crate) async fn add_processor(&mut self) {
        let processor = role("observatory-processor", &self.variables);
        processor.wait_until_ok("/readyz").await;
        self.processors.push(processor);
    }

    pub(crate) fn roles(&self) -> impl Iterator<Item = &Running> {
        let others = [
            &self.gateway,
            &self.metrics_engine,
            &self.read_model,
            &self.web_ui,
        ];
        others.into_iter().chain(&self.processors)
    }

    /// Submits a job and gives its identifier.
    pub(crate) async fn submit(&self, job: &Value) -> String {
        let (status, text) = post(&self.gateway.url("/jobs"), job).await;
        assert_eq!(status, 202, "{text}");
        let accepted: Value = serde_json::from_str(&text).unwrap();
        accepted["jobId"].as_str().unwrap().to_owned()
    }

    /// Waits until the read model's answer to a question is as it should be.
    pub(crate) async fn wait_for(&self, path: &str, is_there: impl Fn(&Value) -> bool) -> Value {
        let is_there = &is_there;
        wait_for(PATIENCE, path, || async move {
            let (status, text) = self.read_model.get(path).await?;
            let answer: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
            if status == 200 && is_there(&answer) {
                Ok(answer)
            } else {
                Err(text)
            }
        })
        .await
    }

    /// Waits until a job has ended well.
    pub(crate) async fn wait_until_completed(&self, id: &str) -> Value {
        self.wait_for(&format!("/jobs/{id}"), |job| job["status"] == "COMPLETED")
            .await
    }

    /// Stops every role in the order in which work flows; each has to end well.
    pub(crate) async fn stop(self) {
        let Self {
            gateway,
            processors,
            metrics_engine,
            read_model,
            web_ui,
            ..
        } = self;
        let order = std::iter::once(gateway).chain(processors);
        for mut role in order.chain([metrics_engine, read_model, web_ui]) {
            role.signal("TERM");
            assert_eq!(role.exit_code().await, 0);
        }
    }
}

/// Posts a document; status and text of the answer.
pub(crate) async fn post(url: &str, document: &Value) -> (u16, String) {
    let client = ClientBuilder::new().build().unwrap();
    let request = Request::post(url)
        .header("content-type", "application/json")
        .body(document.to_string().into())
        .unwrap();
    let answer = client.send(request, PATIENCE).await.unwrap();
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    (answer.status().as_u16(), text)
}

fn role(program: &str, variables: &[(&'static str, String)]) -> Running {
    let variables: Vec<(&str, &str)> = variables
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    Running::start_with(program, &variables, &[], Stdio::null())
}
