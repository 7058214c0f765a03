//! Where a broker or a store is.

use std::fmt;

use crate::adapters::{self, Driver, Port};
use crate::config::{Effective, Given, Kind, masked};

/// The URL of the server behind a port. Its scheme decides on the adapter.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The port.
    pub port: Port,
}

/// The URL of a server, with all that is secret in it.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl {
    text: String,
    /// Who speaks to it.
    pub driver: Driver,
}

impl ServerUrl {
    /// The URL as a driver takes it. It may have a password in it: not to be shown.
    pub fn secret(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&masked(&self.text))
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Kind for Server {
    type Value = ServerUrl;

    const PLACEHOLDER: &'static str = "URL";
    const IS_SECRET: bool = true;

    fn read(&self, given: &Given) -> Result<ServerUrl, String> {
        let text = complete(self.port, given.text()?.into_owned());
        let Some((scheme, rest)) = text.split_once(':') else {
            return Err(format!("expected a {}", self.allowed()));
        };
        let driver = adapters::driver(self.port, scheme).map_err(|error| error.to_string())?;
        let host = rest.strip_prefix("//").map(host);
        if host.is_none_or(str::is_empty) {
            return Err(format!("there is no host in it; expected a {}", self.allowed()));
        }
        Ok(ServerUrl { text, driver })
    }

    fn show(&self, value: &ServerUrl) -> Effective {
        Effective::text(value)
    }

    fn allowed(&self) -> String {
        format!("URL with {}", self.port.schemes())
    }
}

/// The published system has Redis as `host:port`.
fn complete(port: Port, text: String) -> String {
    if port == Port::LiveStats && !text.contains("://") && is_host_and_port(&text) {
        return format!("redis://{text}");
    }
    text
}

fn is_host_and_port(text: &str) -> bool {
    text.rsplit_once(':')
        .is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

/// The host, or the hosts, with their ports.
fn host(rest: &str) -> &str {
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    place.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(port: Port, text: &str) -> Result<ServerUrl, String> {
        Server { port }.read(&Given::Text(text.into()))
    }

    #[test]
    fn the_scheme_decides_on_the_adapter() {
        for (port, url, driver) in [
            (Port::Bus, "amqp://rabbitmq:5672", Driver::RabbitMq),
            (Port::Bus, "amqps://rabbitmq/%2f", Driver::RabbitMq),
            (
                Port::JobStore,
                "postgresql://me:secret@postgres/task_db",
                Driver::Postgres,
            ),
            (Port::JobStore, "postgres://postgres/task_db", Driver::Postgres),
            (Port::LiveStats, "redis://redis:6379", Driver::Redis),
            (Port::LiveStats, "rediss://redis:6379/1", Driver::Redis),
            (Port::EventLog, "mongodb://a:1,b:2/?replicaSet=x", Driver::MongoDb),
        ] {
            assert_eq!(read(port, url).map(|url| url.driver), Ok(driver), "{url}");
        }
    }

    #[test]
    fn redis_may_be_a_host_and_a_port_as_the_published_system_has_it() {
        assert_eq!(
            read(Port::LiveStats, "redis:6379").unwrap().secret(),
            "redis://redis:6379"
        );
        assert!(read(Port::Bus, "rabbitmq:5672").is_err());
    }

    #[test]
    fn what_is_no_server_is_refused_with_what_is_expected() {
        let refused = |port, text| read(port, text).unwrap_err();
        assert!(refused(Port::Bus, "redis://x").contains("amqp:// or amqps://"));
        assert!(refused(Port::JobStore, "sqlite:jobs.db").contains("one process"));
        assert!(refused(Port::JobStore, "embedded:").contains("one process"));
        assert!(refused(Port::EventLog, "mongodb+srv://cluster/db").contains("with mongodb://"));
        assert!(refused(Port::EventLog, "mongodb://").contains("no host"));
        assert!(refused(Port::EventLog, "mongodb://me:secret@/db").contains("no host"));
        assert!(refused(Port::Bus, "rabbitmq").contains("expected"));
    }

    #[test]
    fn a_secret_is_in_no_text_of_it() {
        let url = read(Port::Bus, "amqp://me:secret@rabbitmq").unwrap();
        assert_eq!(
            format!("{url} {url:?}"),
            "amqp://me:***@rabbitmq amqp://me:***@rabbitmq"
        );
    }
}
