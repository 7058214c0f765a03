//! A broker behind TLS.

use ports::EventBus;
use rabbitmq_adapter::{Options, RabbitMq};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use testkit::servers::RabbitMqServer;

use crate::support::{LIMIT, options, published};

/// A certificate authority of its own.
fn authority() -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).expect("no name is a name");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("keys can be made");
    CertifiedIssuer::self_signed(params, key).expect("an authority signs itself")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_encrypted_broker_is_believed_only_if_its_authority_is_trusted() {
    let (trusted, other) = (authority(), authority());
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &trusted).unwrap();
    let broker = RabbitMqServer::start_encrypted(&certificate.pem(), &key.serialize_pem()).await;
    let url = broker.encrypted_url();

    let open = |authorities: Option<String>| {
        let options = Options {
            authorities,
            ..options()
        };
        RabbitMq::open(&url, options).unwrap()
    };
    published(&open(Some(trusted.pem())), "job.created", 1).await;
    for stranger in [None, Some(other.pem())] {
        let refused = open(stranger).ping(LIMIT).await;
        assert!(refused.is_err(), "an unknown authority was trusted");
    }
}
