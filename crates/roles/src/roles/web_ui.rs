//! The web page. It needs no server, only where the gateway and the read model are.

mod config;

use std::future::ready;

use axum::Router;
use axum::routing::get;
use service::health::Health;
use service::metrics::Metrics;

use crate::config::{Settings, Values};
use crate::role::{Assembled, Role};
use crate::sections::Common;

pub use config::WebUiSettings;

/// The web page.
#[derive(Clone, Copy, Debug)]
pub struct WebUi;

impl Role for WebUi {
    const NAME: &'static str = "web page";
    const PROGRAM: &'static str = "observatory-web-ui";
    const ABOUT: &'static str = "The web page of the observatory";
    type Config = WebUiSettings;

    fn settings() -> Settings {
        WebUiSettings::settings()
    }

    fn read(values: &mut Values<'_>) -> Option<WebUiSettings> {
        WebUiSettings::read(values)
    }

    fn common(config: &WebUiSettings) -> &Common {
        &config.common
    }

    async fn assemble(self, config: WebUiSettings) -> anyhow::Result<Assembled> {
        let metrics = Metrics::new("web-ui")?;
        let about_itself = Router::new()
            .route("/livez", get(|| ready(Health::alive())))
            .route("/metrics", get(move || ready(metrics.response())));
        Ok(Assembled {
            router: web_ui::router(config.ui).merge(about_itself),
            work: None,
            close: Vec::new(),
        })
    }
}
