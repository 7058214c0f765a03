//! Programs in the place of the roles.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use testkit::wait_for;

use crate::common::{PATIENCE, Process, Site, free_offset};

/// The programs of the roles.
pub(crate) const PROGRAMS: [&str; 5] = [
    "observatory-gateway",
    "observatory-processor",
    "observatory-metrics-engine",
    "observatory-read-model",
    "observatory-web-ui",
];

/// Runs until it is asked to stop.
pub(crate) const OBEYS: &str = "trap 'note stop; exit 0' TERM; note start; run";

/// Runs on when it is asked to stop.
pub(crate) const STUBBORN: &str = "trap 'note deaf' TERM; note start; run";

/// Ends by itself.
pub(crate) const CRASHES: &str = "note start; exit 3";

/// Runs until its input ends.
pub(crate) const READS: &str = "note start; cat >/dev/null; note stop";

/// What every program does first: says what it finds in its environment, or checks nothing. None runs on without who
/// started it, so that a test leaves nothing behind however it ends.
const PREAMBLE: &str = r#"#!/bin/sh
name=$(basename "$0")
note() { echo "$1 $name $OBSERVATORY_LISTEN_PORT" >> "$(dirname "$0")/notes"; }
run() { while kill -0 $PPID 2>/dev/null; do sleep 0.02; done; }
if [ "$1" = check-config ]; then
  if [ -f "$0.killed" ]; then kill -KILL $$; fi
  if [ -f "$0.wrong" ]; then cat "$0.wrong" >&2; exit 2; fi
  exit 0
fi
echo "$name: $OBSERVATORY_CONCURRENCY" >> "$(dirname "$0")/told"
"#;

/// A directory of programs, and what they have noted.
pub(crate) struct Fakes {
    pub(crate) site: Arc<Site>,
    directory: PathBuf,
}

impl Fakes {
    /// Programs that all do the same.
    pub(crate) fn new(script: &str) -> Self {
        let site = Site::new();
        let directory = site.home().join("bin");
        std::fs::create_dir(&directory).unwrap();
        let fakes = Self { site, directory };
        for program in PROGRAMS {
            fakes.program(program, script);
        }
        fakes
    }

    /// Makes one do something else.
    pub(crate) fn program(&self, name: &str, script: &str) {
        let path = self.directory.join(name);
        std::fs::write(&path, format!("{PREAMBLE}{script}\n")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// Takes one away.
    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.directory.join(name)).unwrap();
    }

    /// Has one killed whenever it checks its configuration.
    pub(crate) fn kill_check(&self, name: &str) {
        std::fs::write(self.directory.join(format!("{name}.killed")), "").unwrap();
    }

    /// Lets one find its configuration wrong.
    pub(crate) fn refuse(&self, name: &str, errors: &str) {
        std::fs::write(self.directory.join(format!("{name}.wrong")), errors).unwrap();
    }

    /// Where they are, as an argument.
    pub(crate) fn bin_dir(&self) -> String {
        self.directory.display().to_string()
    }

    /// Starts the observatory on them and waits until each has noted its start.
    pub(crate) async fn start(&self, arguments: &[&str], starts: usize) -> Process {
        loop {
            let (offset, bin_dir) = (free_offset().to_string(), self.bin_dir());
            let base = [
                "up",
                "--target",
                "services",
                "--port-offset",
                &offset,
                "--bin-dir",
                &bin_dir,
            ];
            let mut process = self.site.run(&[&base[..], arguments].concat());
            let started = wait_for(PATIENCE, "the roles", || {
                let (runs, started) = (process.is_running(), self.noted("start").len());
                async move {
                    match (runs, started) {
                        (false, _) => Ok(false),
                        (true, number) if number >= starts => Ok(true),
                        (true, number) => Err(number),
                    }
                }
            });
            if started.await {
                return process;
            }
            assert!(process.stderr().contains("is taken"), "{}", process.stderr());
        }
    }

    /// Who has noted something so far, in order: program and port.
    pub(crate) fn noted(&self, what: &str) -> Vec<String> {
        let notes = self.read("notes");
        let prefix = format!("{what} ");
        notes
            .lines()
            .filter_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
            .collect()
    }

    /// What the programs wrote into a file.
    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.directory.join(file)).unwrap_or_default()
    }

    /// Waits until so many have noted something.
    pub(crate) async fn wait_for(&self, what: &str, number: usize) -> Vec<String> {
        wait_for(PATIENCE, &format!("{number} notes of {what}"), || {
            let noted = self.noted(what);
            async move {
                if noted.len() >= number {
                    Ok(noted)
                } else {
                    Err(format!("{noted:?}"))
                }
            }
        })
        .await
    }
}
