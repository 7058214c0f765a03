//! The roles, one file each: what each is told, and what it is put together of.

mod gateway;
mod metrics_engine;
mod processor;
mod read_model;
mod web_ui;

pub use gateway::{Gateway, GatewaySettings};
pub use metrics_engine::{EngineSettings, MetricsEngine};
pub use processor::{Processor, ProcessorSettings};
pub use read_model::{ReadModel, ReadModelSettings};
pub use web_ui::{WebUi, WebUiSettings};

use crate::config::Settings;
use crate::role::Role;

/// The programs of all roles with their settings.
pub fn of_programs() -> [(&'static str, Settings); 5] {
    [
        (Gateway::PROGRAM, Gateway::settings()),
        (Processor::PROGRAM, Processor::settings()),
        (MetricsEngine::PROGRAM, MetricsEngine::settings()),
        (ReadModel::PROGRAM, ReadModel::settings()),
        (WebUi::PROGRAM, WebUi::settings()),
    ]
}

/// The settings of all roles, each once, in the order of the roles: what a file may have.
pub fn all_settings() -> Settings {
    let mut all = Settings::new();
    for setting in of_programs().into_iter().flat_map(|(_, settings)| settings) {
        let path = setting.about().path;
        if all.iter().all(|known| known.about().path != path) {
            all.push(setting);
        }
    }
    all
}
