//! One suite per port, run unchanged against every adapter.
