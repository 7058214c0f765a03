//! A Redis behind TLS.

use ports::LiveStats;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use redis_adapter::{Options, Redis};
use testkit::servers::{Probe, Server, Spec};

use crate::support::{LIMIT, applied, options};

/// The server is asked in the clear whether it is ready, at another port.
const PROBE: Probe = Probe {
    question: b"PING\r\n",
    skip: 0,
    answer: b"+PONG",
};

/// A certificate authority of its own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("no name is a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("keys can be made");
    CertifiedIssuer::self_signed(params, key).expect("an authority signs itself")
}

async fn encrypted(certificate: &str, key: &str, authority: &str) -> Server {
    let mut spec = Spec::new("redis", &[6379, 6380], PROBE)
        .file("/etc/certificate.pem", certificate)
        .file("/etc/key.pem", key)
        .file("/etc/authority.pem", authority);
    let arguments = "--protected-mode no --bind * --tls-port 6380 --tls-auth-clients no \
        --tls-cert-file /etc/certificate.pem --tls-key-file /etc/key.pem --tls-ca-cert-file /etc/authority.pem";
    spec.arguments = arguments.split_whitespace().map(str::to_owned).collect();
    Server::start(spec).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_redis_is_believed_only_if_its_authority_is_trusted() {
    let (trusted, other) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &trusted).unwrap();
    let server = encrypted(&certificate.pem(), &key.serialize_pem(), &trusted.pem()).await;
    let url = format!("rediss://localhost:{}/", server.port_of(6380));

    let open = |authorities: Option<String>| {
        let options = Options {
            authorities,
            ..options()
        };
        Redis::open(&url, options).unwrap()
    };
    assert_eq!(applied(&open(Some(trusted.pem())), 0..3).await, 3);
    for stranger in [None, Some(other.pem())] {
        let refused = open(stranger).ping(LIMIT).await;
        assert!(refused.is_err(), "an unknown authority was trusted");
    }
}
