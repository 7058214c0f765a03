//! What the web page is told.

use web_ui::UiConfig;

use crate::config::kinds::{BaseUrl, Count};
use crate::config::{About, Key, Preset, Settings, Values};
use crate::sections::{Common, PORT as PORTS};

static PORT: Key<Count> = Key {
    about: About {
        path: "web_ui.port",
        variables: &["OBSERVATORY_LISTEN_PORT", "PORT"],
        option: "port",
        preset: Preset::Value("8081"),
        meaning: "The port of the page",
    },
    kind: PORTS,
};

static GATEWAY_URL: Key<BaseUrl> = Key {
    about: About {
        path: "web_ui.gateway_url",
        variables: &["OBSERVATORY_GATEWAY_URL", "GATEWAY_URL"],
        option: "gateway-url",
        preset: Preset::Value("http://localhost:3000"),
        meaning: "Where the gateway is, as the page's process reaches it",
    },
    kind: BaseUrl { https: false },
};

static READ_MODEL_URL: Key<BaseUrl> = Key {
    about: About {
        path: "web_ui.read_model_url",
        variables: &["OBSERVATORY_READ_MODEL_URL", "READ_MODEL_URL"],
        option: "read-model-url",
        preset: Preset::Value("http://localhost:8080"),
        meaning: "Where the read model is, as the page's process reaches it",
    },
    kind: BaseUrl { https: false },
};

/// What the web page is told.
#[derive(Clone, Debug)]
pub struct WebUiSettings {
    /// What every role is told.
    pub common: Common,
    /// The rest.
    pub ui: UiConfig,
}

impl WebUiSettings {
    pub(super) fn settings() -> Settings {
        let mut settings = Common::settings(&PORT);
        let own: Settings = vec![&GATEWAY_URL, &READ_MODEL_URL];
        settings.extend(own);
        settings
    }

    pub(super) fn read(values: &mut Values<'_>) -> Option<Self> {
        let common = Common::read(values, &PORT);
        let (gateway_url, read_model_url) = (values.get(&GATEWAY_URL), values.get(&READ_MODEL_URL));
        Some(Self {
            common: common?,
            ui: UiConfig {
                gateway_url: gateway_url?,
                read_model_url: read_model_url?,
            },
        })
    }
}
