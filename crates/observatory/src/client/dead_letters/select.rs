//! Some letters, or all that are open.

use std::process::ExitCode;

use clap::Args;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::client::Common;
use crate::client::bulk::{Bulk, BulkOptions, Verb};

/// Which letters, and how.
#[derive(Args, Clone, Debug)]
pub(super) struct Selection {
    /// The letters
    #[arg(value_name = "ID", required_unless_present = "all")]
    pub(super) ids: Vec<Uuid>,

    /// All that are open
    #[arg(long, conflicts_with = "ids")]
    all: bool,

    #[command(flatten)]
    pub(super) options: BulkOptions,
}

impl Selection {
    /// Does it to all of them. Who names each letter need not be asked again.
    ///
    /// # Errors
    /// As [`Bulk::run`].
    pub(super) async fn carry_out(&self, common: &Common, verb: &Verb) -> anyhow::Result<ExitCode> {
        let gateway = common.gateway();
        let path = format!("/dead-letters:{}", verb.name);
        let bulk = Bulk {
            gateway: &gateway,
            path: &path,
            verb,
            options: BulkOptions {
                yes: self.options.yes || !self.all,
                ..self.options
            },
            out: common.out(),
        };
        let mut selection = Map::new();
        if self.all {
            selection.insert("all".into(), true.into());
        } else {
            let ids = self.ids.iter().map(|id| Value::from(id.to_string())).collect();
            selection.insert("ids".into(), Value::Array(ids));
        }
        bulk.run(selection).await
    }
}
