//! Everything that there is in a cluster, but for Kubernetes.

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use testcontainers::{ContainerAsync, GenericImage};
use tokio::sync::Mutex;

use crate::api::Api;
use crate::containers::{self, Plan};
use crate::patience::eventually;

/// A server that our services need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Server {
    /// The bus.
    RabbitMq,
    /// The job store.
    Postgres,
    /// The live stats.
    Redis,
    /// The event log; MongoDB, or what speaks its protocol (`FerretDB`).
    MongoDb,
}

impl Server {
    const ALL: [Self; 4] = [Self::RabbitMq, Self::Postgres, Self::Redis, Self::MongoDb];

    const fn name(self) -> &'static str {
        match self {
            Self::RabbitMq => "rabbitmq",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
            Self::MongoDb => "mongodb",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::RabbitMq => 5672,
            Self::Postgres => 5432,
            Self::Redis => 6379,
            Self::MongoDb => 27017,
        }
    }

    fn environment(self) -> Vec<(&'static str, String)> {
        let database = || "observatory".to_owned();
        match self {
            Self::Postgres => vec![
                ("POSTGRES_USER", database()),
                ("POSTGRES_PASSWORD", database()),
                ("POSTGRES_DB", database()),
            ],
            Self::RabbitMq | Self::Redis | Self::MongoDb => Vec::new(),
        }
    }

    /// Where it is, as whoever reaches it at `host` and `port` says.
    fn url(self, host: &str, port: u16) -> String {
        match self {
            Self::RabbitMq => format!("amqp://guest:guest@{host}:{port}"),
            Self::Postgres => format!("postgres://observatory:observatory@{host}:{port}/observatory"),
            Self::Redis => format!("redis://{host}:{port}"),
            Self::MongoDb => format!("mongodb://{host}:{port}/observatory"),
        }
    }
}

/// One of our services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes jobs.
    Gateway,
    /// Runs them.
    Processor,
    /// Counts and keeps events.
    MetricsEngine,
    /// Answers questions.
    ReadModel,
    /// The page.
    WebUi,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Gateway,
        Self::Processor,
        Self::MetricsEngine,
        Self::ReadModel,
        Self::WebUi,
    ];

    /// What its program and its image are called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Processor => "processor",
            Self::MetricsEngine => "metrics-engine",
            Self::ReadModel => "read-model",
            Self::WebUi => "web-ui",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Gateway => 3000,
            Self::Processor => 8000,
            Self::MetricsEngine => 8002,
            Self::ReadModel => 8080,
            Self::WebUi => 8081,
        }
    }
}

/// The variable that names the tag of our images, which `cargo xtask images --services` makes as `gate`.
const TAG: &str = "OBSERVATORY_GATE_TAG";

/// The whole system. Dropping it removes its containers.
pub struct System {
    servers: Vec<(Server, ContainerAsync<GenericImage>, u16)>,
    roles: Vec<(Role, ContainerAsync<GenericImage>, Api)>,
    /// What checks have added.
    more: Mutex<Vec<(Role, ContainerAsync<GenericImage>, Api)>>,
}

impl System {
    /// Brings everything up and waits until every service is ready.
    ///
    /// # Errors
    /// What does not start, and why.
    pub async fn start() -> Result<Self> {
        containers::sweep();
        let network = format!("gate-{}", std::process::id());
        let servers = try_join_all(Server::ALL.map(|server| start_server(server, &network))).await?;
        let roles = try_join_all(Role::ALL.map(|role| start_role(role, &network, ""))).await?;
        let system = Self {
            servers,
            roles,
            more: Mutex::default(),
        };
        for role in Role::ALL {
            eventually(&format!("readiness of {}", role.name()), || system.ready(role)).await?;
        }
        Ok(system)
    }

    /// Whether a service has all that it needs.
    async fn ready(&self, role: Role) -> Result<()> {
        let answer = self.api(role).get("/readyz").await?;
        ensure!(answer.status == 200, "{}: {}", role.name(), answer.text());
        Ok(())
    }

    /// Adds one more process of a role.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn add(&self, role: Role) -> Result<()> {
        let network = format!("gate-{}", std::process::id());
        let added = start_role(role, &network, "-more").await?;
        self.more.lock().await.push(added);
        Ok(())
    }

    /// The first process of a role.
    ///
    /// # Panics
    /// Never: there is one of each.
    pub fn api(&self, role: Role) -> &Api {
        let found = self.roles.iter().find(|(known, ..)| *known == role);
        &found.expect("there is one of each role").2
    }

    fn container(&self, role: Role) -> &ContainerAsync<GenericImage> {
        let found = self.roles.iter().find(|(known, ..)| *known == role);
        &found.expect("there is one of each role").1
    }

    /// The user that a role's image names.
    pub fn user_of(&self, role: Role) -> String {
        containers::user_of(self.container(role))
    }

    /// Whether there is a program in a role's container.
    pub fn runs(&self, role: Role, program: &str) -> bool {
        containers::runs(self.container(role), program)
    }

    /// Where a server is, from this machine.
    ///
    /// # Panics
    /// Never: there is one of each.
    pub fn url(&self, server: Server) -> String {
        let found = self.servers.iter().find(|(known, ..)| *known == server);
        let port = found.expect("there is one of each server").2;
        server.url("127.0.0.1", port)
    }

    /// Every container with a name for its log.
    pub(crate) fn containers(&self) -> impl Iterator<Item = (String, &ContainerAsync<GenericImage>)> {
        let servers = self
            .servers
            .iter()
            .map(|(server, container, _)| (server.name(), container));
        let roles = self
            .roles
            .iter()
            .map(|(role, container, _)| (role.name(), container));
        let numbered = servers.chain(roles).enumerate();
        numbered.map(|(number, (name, container))| (format!("{number}-{name}"), container))
    }
}

async fn start_server(server: Server, network: &str) -> Result<(Server, ContainerAsync<GenericImage>, u16)> {
    let container = containers::start(Plan {
        image: containers::recipe(server.name())?,
        name: format!("{network}-{}", server.name()),
        network: network.to_owned(),
        port: server.port(),
        environment: server.environment(),
    })
    .await?;
    let port = containers::port_of(&container, server.port()).await?;
    Ok((server, container, port))
}

async fn start_role(
    role: Role,
    network: &str,
    suffix: &str,
) -> Result<(Role, ContainerAsync<GenericImage>, Api)> {
    let at = |server: Server| server.url(&format!("{network}-{}", server.name()), server.port());
    let service = |role: Role| format!("http://{network}-{}:{}", role.name(), role.port());
    let tag = std::env::var(TAG).unwrap_or_else(|_| "gate".to_owned());
    let container = containers::start(Plan {
        image: (format!("observatory/{}", role.name()), tag),
        name: format!("{network}-{}{suffix}", role.name()),
        network: network.to_owned(),
        port: role.port(),
        environment: vec![
            ("RABBITMQ_URL", at(Server::RabbitMq)),
            ("POSTGRES_URL", at(Server::Postgres)),
            ("REDIS_URL", at(Server::Redis)),
            ("MONGO_URL", at(Server::MongoDb)),
            ("OBSERVATORY_GATEWAY_URL", service(Role::Gateway)),
            ("OBSERVATORY_READ_MODEL_URL", service(Role::ReadModel)),
        ],
    })
    .await?;
    let api = Api::new(containers::port_of(&container, role.port()).await?);
    Ok((role, container, api))
}
