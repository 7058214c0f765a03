//! What is in the images of our services.

use anyhow::{Result, ensure};
use gate::{Role, System};

pub(super) async fn services_run_as_nobody_without_a_shell(system: &System) -> Result<()> {
    for role in Role::ALL {
        for program in ["/bin/sh", "/bin/bash", "/usr/bin/env"] {
            ensure!(!system.runs(role, program), "{}: there is {program}", role.name());
        }
        let user = system.user_of(role);
        ensure!(user == "65532:65532", "{} runs as {user:?}", role.name());
    }
    Ok(())
}
