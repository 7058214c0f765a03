//! The four ports on one SQLite file: group commit, durable queues, jobs, events, counters
