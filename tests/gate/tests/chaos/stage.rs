//! The servers of one fault, each behind a link that can be stalled and cut.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::Result;
use testkit::proxy::Proxy;
use testkit::servers::{MongoDbServer, PostgresServer, RabbitMqServer, RedisServer};

/// Servers with nothing in them, and the links to them.
pub(crate) struct Stage {
    pub(crate) rabbitmq: RabbitMqServer,
    pub(crate) postgres: PostgresServer,
    pub(crate) redis: RedisServer,
    pub(crate) mongodb: MongoDbServer,
    pub(crate) links: Links,
    /// Where the logs of a failed run are kept.
    pub(crate) name: &'static str,
}

/// The links, by what they lead to.
pub(crate) struct Links {
    pub(crate) rabbitmq: Proxy,
    pub(crate) postgres: Proxy,
    pub(crate) redis: Proxy,
    pub(crate) mongodb: Proxy,
}

impl Stage {
    pub(crate) async fn set(name: &'static str) -> Result<Self> {
        let (rabbitmq, postgres, redis, mongodb) = tokio::join!(
            RabbitMqServer::start(),
            PostgresServer::start(),
            RedisServer::start(),
            MongoDbServer::start(),
        );
        let links = Links {
            rabbitmq: link(rabbitmq.server().port()).await?,
            postgres: link(postgres.server().port()).await?,
            redis: link(redis.server().port()).await?,
            mongodb: link(mongodb.server().port()).await?,
        };
        Ok(Self {
            rabbitmq,
            postgres,
            redis,
            mongodb,
            links,
            name,
        })
    }

    /// What the roles are told.
    pub(crate) fn environment(&self) -> [(&'static str, String); 4] {
        let Links {
            rabbitmq,
            postgres,
            redis,
            mongodb,
        } = &self.links;
        [
            (
                "RABBITMQ_URL",
                format!("amqp://guest:guest@127.0.0.1:{}", rabbitmq.port()),
            ),
            (
                "POSTGRES_URL",
                format!(
                    "postgres://observatory:observatory@127.0.0.1:{}/observatory",
                    postgres.port()
                ),
            ),
            ("REDIS_URL", format!("redis://127.0.0.1:{}", redis.port())),
            (
                "MONGO_URL",
                format!("mongodb://127.0.0.1:{}/observatory", mongodb.port()),
            ),
        ]
    }
}

async fn link(port: u16) -> Result<Proxy> {
    let target = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    Ok(Proxy::start(target).await?)
}
