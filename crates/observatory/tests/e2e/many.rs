//! Many jobs at once: submitted, found, and changed.

mod batch;
mod bulk;
mod pages;
