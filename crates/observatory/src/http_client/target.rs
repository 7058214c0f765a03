//! Where requests go.

use std::fmt;
use std::str::FromStr;

/// The host and port of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target(String);

/// A text that names no server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not of the form http://HOST[:PORT]")]
pub(crate) struct InvalidTarget;

impl Target {
    /// A port of this machine.
    pub(crate) fn local(port: u16) -> Self {
        Self(format!("127.0.0.1:{port}"))
    }

    /// A port of this machine, by the name that people use.
    pub(crate) fn localhost(port: u16) -> Self {
        Self(format!("localhost:{port}"))
    }

    /// `host:port`, as it stands in the Host header.
    pub(crate) fn authority(&self) -> &str {
        &self.0
    }
}

impl FromStr for Target {
    type Err = InvalidTarget;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let uri: http::Uri = url.parse().map_err(|_| InvalidTarget)?;
        let plain = uri.scheme_str() == Some("http") && uri.path() == "/" && uri.query().is_none();
        let authority = uri.authority().filter(|_| plain).ok_or(InvalidTarget)?;
        if authority.as_str().contains('@') {
            return Err(InvalidTarget);
        }
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self(format!("{}:{port}", authority.host())))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_urls_are_targets() {
        let target: Target = "http://localhost:3000".parse().unwrap();
        assert_eq!(target.authority(), "localhost:3000");
        assert_eq!(
            "http://example.org/".parse::<Target>().unwrap().authority(),
            "example.org:80"
        );
        assert_eq!(
            "http://[::1]:8080".parse::<Target>().unwrap().authority(),
            "[::1]:8080"
        );
    }

    #[test]
    fn anything_else_is_refused() {
        for url in [
            "localhost:3000",
            "https://localhost",
            "http://host/api",
            "http://u:p@host",
            "",
            "http://",
        ] {
            assert_eq!(url.parse::<Target>(), Err(InvalidTarget), "{url}");
        }
    }
}
