//! What is told once every role answers.

use std::fmt::Write;

use super::plan::Member;
use super::role::Role;
use crate::up::UpArgs;
use crate::up::banner::{Part, try_it, url};

/// Where every process says whether it is ready.
pub(super) fn parts(members: &[Member]) -> Vec<Part> {
    let part = |member: &Member| Part {
        name: member.name.clone(),
        health: format!("{}{}", url(member.address), member.role.health()),
    };
    members.iter().map(part).collect()
}

/// The access points.
pub(super) fn text(args: &UpArgs, members: &[Member]) -> String {
    let at = |role| {
        let member = members.iter().find(|member| member.role == role);
        member.map(|member| url(member.address)).unwrap_or_default()
    };
    let (gateway, read_model, web) = (at(Role::Gateway), at(Role::ReadModel), at(Role::WebUi));
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        "Task Observatory {version} is ready, {} processes.

  web page      {web}
  gateway       {gateway}   submit jobs; API reference at {gateway}/docs
  read model    {read_model}   ask questions; API reference at {read_model}/docs
",
        members.len()
    );
    let mut label = "metrics";
    for member in members {
        if matches!(member.role, Role::Processor | Role::MetricsEngine) {
            // Writing to a string does not fail.
            let _ = writeln!(
                text,
                "  {label:<12}  {}/metrics   of the {}",
                url(member.address),
                member.name
            );
            label = "";
        }
    }
    if let Some(file) = &args.services.config {
        let _ = writeln!(text, "  settings      {}", file.display());
    }
    text.push_str(&try_it(&gateway, &read_model));
    text
}
