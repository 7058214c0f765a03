//! Where another HTTP service is.

use http::Uri;

use crate::config::{Effective, Given, Kind};

/// The base URL of another service.
#[derive(Clone, Copy, Debug)]
pub struct BaseUrl {
    /// Whether it may be encrypted.
    pub https: bool,
}

impl Kind for BaseUrl {
    type Value = String;

    const PLACEHOLDER: &'static str = "URL";
    // It may not have a password, and somebody may try.
    const IS_SECRET: bool = true;

    fn read(&self, given: &Given) -> Result<String, String> {
        let text = given.text()?;
        let uri: Uri = text
            .parse()
            .map_err(|_| format!("expected a {}", self.allowed()))?;
        let scheme = match uri.scheme_str() {
            Some("http") => true,
            Some("https") => self.https,
            _ => false,
        };
        let authority = uri.authority();
        if authority.is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("expected a URL without user and password".to_owned());
        }
        let host = authority.is_some_and(|authority| !authority.host().is_empty());
        if scheme && host && uri.query().is_none() {
            return Ok(text.into_owned());
        }
        Err(format!("expected a {}", self.allowed()))
    }

    fn show(&self, value: &String) -> Effective {
        Effective::text(value)
    }

    fn allowed(&self) -> String {
        let schemes = if self.https {
            "http:// or https://"
        } else {
            "http://"
        };
        format!("URL with {schemes}, without password and parameters")
    }
}
