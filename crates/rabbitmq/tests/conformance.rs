//! The suite of the bus, on a broker in a container: every case in a virtual host of its own.
//!
//! A crash here is the loss of every connection with all that was in this process; the broker itself is killed in
//! `faults.rs`.

use std::sync::Arc;
use std::sync::Mutex;

use async_trait::async_trait;
use domain::SystemClock;
use ports::EventBus;
use ports::conformance::Harness;
use rabbitmq_adapter::{Options, RabbitMq};
use testkit::servers::RabbitMqServer;
use tokio::sync::OnceCell;

/// One broker for all cases: it takes seconds to start.
static BROKER: OnceCell<RabbitMqServer> = OnceCell::const_new();

/// A virtual host, with the bus of its present life.
struct Broker(Mutex<Option<(String, Arc<RabbitMq>)>>);

impl Broker {
    fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn open(&self, url: String) -> Arc<dyn EventBus> {
        let options = Options::new(Arc::new(SystemClock));
        let bus = RabbitMq::open(&url, options).expect("the URL reads as one");
        *self.0.lock().expect("one case per harness") = Some((url, Arc::clone(&bus)));
        bus
    }

    fn take(&self) -> (String, Arc<RabbitMq>) {
        let present = self.0.lock().expect("one case per harness").take();
        present.expect("a crash comes after a start")
    }
}

#[async_trait]
impl Harness<dyn EventBus> for Broker {
    async fn fresh(&self) -> Arc<dyn EventBus> {
        let broker = BROKER.get_or_init(RabbitMqServer::start).await;
        self.open(broker.fresh_url().await)
    }

    async fn reopen(&self) -> Arc<dyn EventBus> {
        let (url, bus) = self.take();
        bus.close().await;
        self.open(url)
    }
}

mod bus {
    ports::bus_suite!(super::Broker::new());
}
