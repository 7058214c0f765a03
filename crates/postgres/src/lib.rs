//! The job store on PostgreSQL, for any number of processes at once.
//!
//! Start reading at [`PostgresStore`], then `core.rs` (what every call has in common) and `migrations/` (the tables).
//!
//! # A job's ordinary life is two statements
//!
//! A job is one row. A claim stores and starts all jobs of its batch that are new by one statement (`insert`), a record
//! ends them by another (`update`); each is a transaction of its own and one round trip. Neither reads first: a new job
//! either is new or is not, and a row that this process has written lately is changed over the version that it has seen.
//! Whatever turns out to be otherwise (known before, changed by another process, limited, unique, late) goes the long
//! way: a transaction that locks the rows, asks the rules of `domain`, and writes what they say (`work`).
//!
//! The update stays on the row's page, and no index is written again, because it touches no column that an index knows
//! of: `status` is in none. What runs is found by a row for each *claim* and type (`job_claims`), not for each job; what
//! waits, failed or is held back by columns that an ordinary job does not have.
//!
//! # Who waits for whom
//!
//! Locks are taken in one order: unique keys (advisory), limits of types, rows of jobs by number, jobs that arrive by
//! identifier. The scheduler's choice has a lock of its own before all of them and skips rows that others have. What
//! still ends in a deadlock, or comes too late for a version, is tried again. Isolation is READ COMMITTED: every rule is
//! asked with the rows it decides on under lock.
//!
//! # Limits cost who has them
//!
//! Each process remembers the limits and names their epoch in every statement that starts jobs; see `limits`. Jobs of a
//! limited type are started under the lock of its limits, and counted by what runs, so that several processes together
//! never start more than may.
//!
//! # Plans need no statistics
//!
//! Sessions are told to go by indexes and to plan once ([`Options`] says what else): new tables grow by thousands of rows
//! a second long before anybody has analysed them.
//!
//! # Numbers
//!
//! Jobs are numbered as they arrive; numbers are seen when transactions end, in another order. `horizon` says up to where
//! nothing comes in any more, for whoever reads upwards: the journal, and the index of searches (`search`), which is
//! written behind the write path. Lists go downwards and need no such thing.
//!
//! # What it asks of the server
//!
//! PostgreSQL 14 or later, `synchronous_commit` as it is (on), no extension. Sessions keep prepared statements and
//! settings, so between store and server there may be a pooler of sessions but not one of transactions. Encryption is
//! rustls on ring, as the URL says (`?sslmode=verify-full`).

mod admit;
mod claim;
mod codes;
mod command;
mod connections;
mod core;
mod detail;
mod due;
mod error;
mod facts;
mod fire;
mod forgotten;
mod gate;
mod history;
mod horizon;
mod insert;
mod job;
mod journal;
mod known;
mod leases;
mod limits;
mod list;
mod locks;
mod logs;
mod migrate;
mod options;
mod outbox;
mod place;
mod prune;
mod record;
mod room;
mod row;
mod schedules;
mod search;
mod store;
mod text;
mod time;
mod unique;
mod update;
mod work;

pub use options::{OpenError, Options};
pub use store::PostgresStore;
