//! A server behind TLS.

use ports::JobStore;
use postgres_adapter::{Options, PostgresStore};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use testkit::servers::PostgresServer;
use testkit::wait_for;

use crate::support::{HEALED, LIMIT, options, url};

/// A certificate authority of its own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("no name is a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("keys can be made");
    CertifiedIssuer::self_signed(params, key).expect("an authority signs itself")
}

/// A server with a certificate for `localhost`.
async fn encrypted(authority: &CertifiedIssuer<'static, KeyPair>) -> PostgresServer {
    let server = PostgresServer::start().await;
    let key = KeyPair::generate().expect("keys can be made");
    let params = CertificateParams::new(vec!["localhost".to_owned()]).expect("it is a name");
    let certificate = params.signed_by(&key, authority).expect("an authority signs");
    let script = format!(
        "umask 077; echo '{}' > $PGDATA/server.crt; echo '{}' > $PGDATA/server.key;
         psql -h /tmp -U postgres -d postgres -c 'ALTER SYSTEM SET ssl = on' -c 'SELECT pg_reload_conf()'",
        certificate.pem(),
        key.serialize_pem()
    );
    server.server().exec(&["sh", "-ec", &script]).await;
    server
}

fn open(server: &PostgresServer, authorities: Option<String>) -> std::sync::Arc<PostgresStore> {
    let url = url(server).replace("127.0.0.1", "localhost") + "?sslmode=verify-full";
    let options = Options {
        authorities,
        ..options()
    };
    PostgresStore::open(&url, options).expect("the URL reads as one")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_server_is_believed_only_if_its_authority_is_trusted() {
    let (trusted, other) = (authority(), authority());
    let server = encrypted(&trusted).await;
    let store = open(&server, Some(trusted.pem()));
    wait_for(HEALED, "an encrypted answer", || store.ping(LIMIT)).await;
    for stranger in [None, Some(other.pem())] {
        let refused = open(&server, stranger).ping(LIMIT).await;
        assert!(refused.is_err(), "an unknown authority was trusted");
    }
}
