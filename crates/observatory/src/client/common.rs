//! What every command can be told.

use clap::Args;

use super::out::Out;
use super::remote::Remote;
use crate::http_client::Target;

/// The ports of an observatory without an offset.
const GATEWAY: u16 = 3000;
const READ_MODEL: u16 = 8080;

/// Where the observatory is, and how to answer.
#[derive(Args, Clone, Debug)]
pub(crate) struct Common {
    /// Where commands go
    #[arg(
        long,
        help = "Where commands go [default: http://localhost:3000]",
        value_name = "URL",
        env = "OBSERVATORY_GATEWAY",
        hide_env_values = true,
        global = true,
        help_heading = "The observatory"
    )]
    gateway: Option<Target>,

    /// Where questions go
    #[arg(
        long,
        help = "Where questions go [default: http://localhost:8080]",
        value_name = "URL",
        env = "OBSERVATORY_READ_MODEL",
        hide_env_values = true,
        global = true,
        help_heading = "The observatory"
    )]
    read_model: Option<Target>,

    /// Added to the default ports, as with `observatory up`
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        env = "OBSERVATORY_PORT_OFFSET",
        hide_env_values = true,
        value_parser = clap::value_parser!(u16).range(..=i64::from(u16::MAX - READ_MODEL)),
        global = true,
        help_heading = "The observatory"
    )]
    port_offset: u16,

    /// Print JSON, one object per line, for scripts
    #[arg(long, global = true, help_heading = "Output")]
    json: bool,
}

impl Common {
    /// Who takes commands.
    pub(super) fn gateway(&self) -> Remote {
        Remote::new(self.at(self.gateway.as_ref(), GATEWAY))
    }

    /// Who answers questions.
    pub(super) fn read_model(&self) -> Remote {
        Remote::new(self.at(self.read_model.as_ref(), READ_MODEL))
    }

    /// Somebody else, who is at `port` where no place is named.
    pub(super) fn remote(&self, named: Option<&Target>, port: u16) -> Remote {
        Remote::new(self.at(named, port))
    }

    /// How to print.
    pub(super) fn out(&self) -> Out {
        Out::new(self.json)
    }

    fn at(&self, named: Option<&Target>, port: u16) -> Target {
        named.map_or_else(|| Target::localhost(port + self.port_offset), Target::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        common: Common,
    }

    fn places(words: &[&str]) -> (String, String) {
        let line = Line::try_parse_from(std::iter::once("x").chain(words.iter().copied())).unwrap();
        (
            line.common.gateway().to_string(),
            line.common.read_model().to_string(),
        )
    }

    #[test]
    fn the_offset_moves_what_is_not_named() {
        assert_eq!(
            places(&[]),
            ("http://localhost:3000".into(), "http://localhost:8080".into())
        );
        assert_eq!(
            places(&["--port-offset", "7", "--gateway", "http://example.org"]),
            ("http://example.org:80".into(), "http://localhost:8087".into())
        );
    }

    #[test]
    fn an_offset_past_the_last_port_is_refused() {
        assert!(Line::try_parse_from(["x", "--port-offset", "60000"]).is_err());
    }
}
