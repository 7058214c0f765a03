//! What the kernel says of this process. Where there is no `/proc`, the numbers stay away.

use std::fs;

use prometheus::{Counter, Gauge, IntGauge, Registry};

use super::MetricsError;

/// Ticks per second in `/proc/*/stat`; fixed by the kernel's interface on every platform of ours.
const TICKS_PER_SECOND: f64 = 100.0;

#[derive(Clone, Debug)]
pub(super) struct ProcessMetrics {
    resident: IntGauge,
    virtual_size: IntGauge,
    open_files: IntGauge,
    max_files: IntGauge,
    threads: IntGauge,
    cpu: Counter,
    started: Gauge,
}

impl ProcessMetrics {
    pub(super) fn register(registry: &Registry) -> Result<Self, MetricsError> {
        let this = Self {
            resident: IntGauge::new("process_resident_memory_bytes", "Resident memory, in bytes.")?,
            virtual_size: IntGauge::new("process_virtual_memory_bytes", "Virtual memory, in bytes.")?,
            open_files: IntGauge::new("process_open_fds", "Open file descriptors.")?,
            max_files: IntGauge::new("process_max_fds", "The most open file descriptors.")?,
            threads: IntGauge::new("process_threads", "Threads.")?,
            cpu: Counter::new("process_cpu_seconds_total", "CPU time used, in seconds.")?,
            started: Gauge::new("process_start_time_seconds", "Start, in seconds since 1970.")?,
        };
        if fs::metadata("/proc/self/stat").is_ok() {
            this.add_to(registry)?;
        }
        Ok(this)
    }

    fn add_to(&self, registry: &Registry) -> Result<(), MetricsError> {
        for gauge in [
            &self.resident,
            &self.virtual_size,
            &self.open_files,
            &self.max_files,
            &self.threads,
        ] {
            registry.register(Box::new(gauge.clone()))?;
        }
        registry.register(Box::new(self.cpu.clone()))?;
        registry.register(Box::new(self.started.clone()))
    }

    pub(super) fn refresh(&self) {
        if let Ok(status) = fs::read_to_string("/proc/self/status") {
            set(&self.resident, field(&status, "VmRSS:").map(|kib| kib * 1024));
            set(
                &self.virtual_size,
                field(&status, "VmSize:").map(|kib| kib * 1024),
            );
            set(&self.threads, field(&status, "Threads:"));
        }
        if let Ok(limits) = fs::read_to_string("/proc/self/limits") {
            set(&self.max_files, field(&limits, "Max open files"));
        }
        set(
            &self.open_files,
            fs::read_dir("/proc/self/fd")
                .ok()
                .and_then(|files| i64::try_from(files.count()).ok()),
        );
        self.refresh_times();
    }

    fn refresh_times(&self) {
        let Ok(stat) = fs::read_to_string("/proc/self/stat") else {
            return;
        };
        // The second field is the program's name in brackets and may contain anything.
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok());
        if let (Some(user), Some(system)) = (ticks(11), ticks(12)) {
            let total = (user + system) / TICKS_PER_SECOND;
            self.cpu.inc_by((total - self.cpu.get()).max(0.0));
        }
        if let (Some(start), Some(boot)) = (ticks(19), boot_time()) {
            self.started.set(boot + start / TICKS_PER_SECOND);
        }
    }
}

fn boot_time() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    stat.lines()
        .find_map(|line| line.strip_prefix("btime "))?
        .trim()
        .parse()
        .ok()
}

/// The first number after a name at the start of a line.
fn field(text: &str, name: &str) -> Option<i64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_whitespace().next()?.parse().ok()
}

fn set(gauge: &IntGauge, value: Option<i64>) {
    if let Some(value) = value {
        gauge.set(value);
    }
}
