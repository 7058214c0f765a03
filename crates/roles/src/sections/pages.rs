//! Which web pages may use the APIs.

use crate::config::kinds::Origins;
use crate::config::{About, Key, Preset};

/// The origins of pages that may use an API from a browser.
pub static ALLOWED_ORIGINS: Key<Origins> = Key {
    about: About {
        path: "pages.allowed_origins",
        variables: &["OBSERVATORY_ALLOWED_ORIGINS"],
        option: "allowed-origins",
        preset: Preset::Value("http://localhost:8081,http://127.0.0.1:8081"),
        meaning: "The origins of web pages that may use the API from a browser",
    },
    kind: Origins,
};
