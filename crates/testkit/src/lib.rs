//! A running test system, fault-injecting ports and wait helpers (dev only)
