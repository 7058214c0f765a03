//! How the store is opened.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

/// How many connections a process has at most: the calls of one processor, and some for questions.
const CONNECTIONS: u32 = 12;
/// The longest a connection may take from the first packet to the first question.
const CONNECT: Duration = Duration::from_secs(3);
/// The longest a call waits for one of the connections to be free.
const ACQUIRE: Duration = Duration::from_secs(3);
/// The longest a call may take.
const CALL: Duration = Duration::from_secs(10);
/// The longest a statement waits for a lock.
const LOCK: Duration = Duration::from_secs(3);

/// How the store is opened. Every limit has a default that suits a server in the same data centre.
#[derive(Clone)]
pub struct Options {
    /// The machine's clock; only how fast jobs arrive is measured by it.
    pub clock: Arc<dyn Clock>,
    /// What the server's list of sessions shows.
    pub name: String,
    /// The schema that the tables are in, made if need be: a lower-case name of letters, digits and `_`. Without one,
    /// the first of the session's search path.
    pub schema: Option<String>,
    /// The certificates, in PEM, that the server's own one has to lead to where the URL asks for that
    /// (`sslmode=verify-ca` or `verify-full`); without them, `sslrootcert` of the URL or the usual public authorities.
    pub authorities: Option<String>,
    /// How many connections there are at most.
    pub max_connections: u32,
    /// The longest a connection may take from the first packet to the first question.
    pub connect_limit: Duration,
    /// The longest a call waits for one of the connections to be free.
    pub acquire_limit: Duration,
    /// The longest a call may take, with everything that it is repeated for.
    pub call_limit: Duration,
    /// The longest a statement waits for a lock.
    pub lock_limit: Duration,
}

impl Options {
    /// The defaults.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            name: "observatory".to_owned(),
            schema: None,
            authorities: None,
            max_connections: CONNECTIONS,
            connect_limit: CONNECT,
            acquire_limit: ACQUIRE,
            call_limit: CALL,
            lock_limit: LOCK,
        }
    }
}

/// A store cannot be opened, ever.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address of the database does not read as one.
    #[error("not the URL of a database: {0}")]
    Url(String),
    /// The name of the schema is none that needs no quotes.
    #[error("not the name of a schema: {0}")]
    Schema(String),
    /// Without connections nothing can be done.
    #[error("a store needs one connection at least")]
    NoConnections,
}

/// What sessions are told when they begin.
///
/// Every statement finds its rows by an index and in its order, whatever the statistics say: there are none when the tables are new, and
/// a plan that was made then would go through all of a table that grows by thousands of rows a second. Plans are made
/// once per session, not for each call.
const SESSION: [(&str, &str); 8] = [
    ("jit", "off"),
    ("max_parallel_workers_per_gather", "0"),
    ("enable_seqscan", "off"),
    ("enable_bitmapscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    ("plan_cache_mode", "force_generic_plan"),
    ("client_min_messages", "error"),
];

/// How to connect.
///
/// # Errors
/// When the URL or the name of the schema does not read as one.
pub(crate) fn connect_options(url: &str, options: &Options) -> Result<PgConnectOptions, OpenError> {
    let schemes = ["postgres://", "postgresql://"];
    if !schemes.iter().any(|scheme| url.starts_with(scheme)) {
        return Err(OpenError::Url("it begins with postgres://".to_owned()));
    }
    if options.max_connections == 0 {
        return Err(OpenError::NoConnections);
    }
    let parsed = PgConnectOptions::from_str(url).map_err(|error| OpenError::Url(error.to_string()))?;
    let millis = |limit: Duration| limit.as_millis().max(1).to_string();
    let mut connect = parsed
        .application_name(&options.name)
        .options(SESSION)
        .options([
            ("statement_timeout", millis(options.call_limit)),
            ("lock_timeout", millis(options.lock_limit)),
            ("idle_in_transaction_session_timeout", millis(options.call_limit)),
        ])
        .disable_statement_logging();
    if let Some(schema) = &options.schema {
        connect = connect.options([("search_path", checked(schema)?)]);
    }
    if let Some(authorities) = &options.authorities {
        connect = connect.ssl_root_cert_from_pem(authorities.clone().into_bytes());
    }
    Ok(connect)
}

/// The name of a schema that needs no quotes.
fn checked(schema: &str) -> Result<&str, OpenError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let begins = schema.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    if begins && schema.len() <= 63 && schema.bytes().all(plain) {
        Ok(schema)
    } else {
        Err(OpenError::Schema(schema.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use domain::SystemClock;

    use super::*;

    fn options() -> Options {
        Options::new(Arc::new(SystemClock))
    }

    #[test]
    fn a_url_says_where_the_database_is() {
        let connect = connect_options("postgres://me:secret@db:5433/jobs", &options()).unwrap();
        assert_eq!((connect.get_host(), connect.get_port()), ("db", 5433));
        assert_eq!(connect.get_database(), Some("jobs"));
        assert!(connect_options("postgresql://db/jobs?sslmode=verify-full", &options()).is_ok());
    }

    #[test]
    fn another_scheme_or_a_bad_parameter_is_no_database() {
        for url in [
            "sqlite://x",
            "postgres",
            "postgres://db/jobs?sslmode=maybe",
            "postgres://db:x/jobs",
        ] {
            assert!(
                matches!(connect_options(url, &options()), Err(OpenError::Url(_))),
                "{url}"
            );
        }
    }

    #[test]
    fn a_schema_needs_a_plain_name() {
        let with = |schema: &str| Options {
            schema: Some(schema.to_owned()),
            ..options()
        };
        assert!(connect_options("postgres://db/jobs", &with("jobs_2")).is_ok());
        for schema in ["", "Jobs", "2jobs", "jobs;", "jobs, public", "a b"] {
            let refused = connect_options("postgres://db/jobs", &with(schema)).err();
            assert_eq!(refused, Some(OpenError::Schema(schema.to_owned())));
        }
    }

    #[test]
    fn a_store_without_connections_is_none() {
        let none = Options {
            max_connections: 0,
            ..options()
        };
        let refused = connect_options("postgres://db/jobs", &none).err();
        assert_eq!(refused, Some(OpenError::NoConnections));
    }
}
