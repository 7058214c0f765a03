//! Who watches the observatory.

use crate::config::kinds::BaseUrl;
use crate::config::{About, Key, Preset};

const SERVICE: BaseUrl = BaseUrl { https: true };

/// Where Alertmanager is.
pub static ALERTMANAGER_URL: Key<BaseUrl> = Key {
    about: About {
        path: "watchers.alertmanager_url",
        variables: &["OBSERVATORY_ALERTMANAGER_URL", "ALERTMANAGER_URL"],
        option: "alertmanager-url",
        preset: Preset::Nothing,
        meaning: "Where Alertmanager is, whose alerts are passed on",
    },
    kind: SERVICE,
};

/// Where Prometheus is.
pub static PROMETHEUS_URL: Key<BaseUrl> = Key {
    about: About {
        path: "watchers.prometheus_url",
        variables: &["OBSERVATORY_PROMETHEUS_URL", "PROMETHEUS_URL"],
        option: "prometheus-url",
        preset: Preset::Nothing,
        meaning: "Where Prometheus is, whose targets are passed on",
    },
    kind: SERVICE,
};
