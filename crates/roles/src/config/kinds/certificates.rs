//! Certificates of authorities.

use std::path::PathBuf;

use crate::config::{Effective, Given, Kind};

/// A file of certificates in PEM.
#[derive(Clone, Copy, Debug)]
pub struct Certificates;

/// A file of certificates and what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pem {
    /// Where it is.
    pub path: PathBuf,
    /// What is in it.
    pub text: String,
}

impl Kind for Certificates {
    type Value = Pem;

    const PLACEHOLDER: &'static str = "FILE";

    fn read(&self, given: &Given) -> Result<Pem, String> {
        let path = PathBuf::from(given.text()?.into_owned());
        let text = std::fs::read_to_string(&path).map_err(|error| format!("cannot be read: {error}"))?;
        if text.contains("-----BEGIN CERTIFICATE-----") {
            return Ok(Pem { path, text });
        }
        Err("there is no certificate in PEM in it".to_owned())
    }

    fn show(&self, value: &Pem) -> Effective {
        Effective::text(value.path.display())
    }

    fn allowed(&self) -> String {
        "file of certificates in PEM".to_owned()
    }
}
