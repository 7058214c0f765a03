//! How the log is opened.

use std::sync::Arc;
use std::time::Duration;

use domain::Clock;
use mongodb::Client;
use mongodb::options::{Acknowledgment, ClientOptions, ReadConcern, WriteConcern};

/// The database of a URL that names none.
const DATABASE: &str = "observatory";
/// The longest a connection, or the search for a server that takes writes, may take.
const CONNECT: Duration = Duration::from_secs(3);
/// The longest a call may take, with all that it asks of the server.
const CALL: Duration = Duration::from_secs(8);
/// For how long followers wait for an event whose place is taken and which is not there.
const SETTLE: Duration = Duration::from_secs(10);

/// How the log is opened. Every limit has a default that suits a server in the same data centre; together they are
/// below the ten seconds that callers wait.
#[derive(Clone)]
pub struct Options {
    /// Tells when an event was kept.
    pub clock: Arc<dyn Clock>,
    /// What the server's list of connections shows.
    pub name: String,
    /// The longest a connection, or the search for a server that takes writes, may take.
    pub connect_limit: Duration,
    /// The longest a call may take, with all that it asks of the server.
    pub call_limit: Duration,
    /// For how long followers wait for an event whose place is taken and which is not there, as after the death of the
    /// engine that took it. Above the call limit: whoever is slower than this has to take another place.
    pub settle_limit: Duration,
}

impl Options {
    /// The defaults.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            name: "observatory".to_owned(),
            connect_limit: CONNECT,
            call_limit: CALL,
            settle_limit: SETTLE,
        }
    }
}

/// The log cannot be opened, ever.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The address does not read as one, or asks for what there is not: `mongodb+srv` needs a resolver of names that is
    /// not built in.
    #[error("not the URL of a MongoDB that can be used: {0}")]
    Url(String),
}

/// A client that has a limit for every step and is answered when most servers of a set have written to their journals.
pub(crate) async fn client(url: &str, options: &Options) -> Result<(Client, String), OpenError> {
    let refused = |error: mongodb::error::Error| OpenError::Url(error.to_string());
    let mut settings = ClientOptions::parse(url).await.map_err(refused)?;
    settings.app_name.get_or_insert_with(|| options.name.clone());
    settings.connect_timeout = Some(options.connect_limit);
    settings.server_selection_timeout = Some(options.connect_limit);
    let durable = WriteConcern::builder().w(Acknowledgment::Majority).journal(true);
    settings.write_concern = Some(durable.build());
    settings.read_concern = Some(ReadConcern::majority());
    let database = settings.default_database.clone();
    let client = Client::with_options(settings).map_err(refused)?;
    Ok((client, database.unwrap_or_else(|| DATABASE.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SystemClock;

    async fn database(url: &str) -> Result<String, OpenError> {
        let options = Options::new(Arc::new(SystemClock));
        client(url, &options).await.map(|(_, database)| database)
    }

    #[tokio::test]
    async fn a_url_may_name_a_database() {
        assert_eq!(database("mongodb://store/").await.as_deref(), Ok("observatory"));
        assert_eq!(database("mongodb://store/jobs").await.as_deref(), Ok("jobs"));
    }

    #[tokio::test]
    async fn another_scheme_is_no_mongodb() {
        for url in ["redis://store", "mongodb://", "mongodb+srv://store.example"] {
            let opened = database(url).await;
            assert!(matches!(opened, Err(OpenError::Url(_))), "{url}: {opened:?}");
        }
    }
}
