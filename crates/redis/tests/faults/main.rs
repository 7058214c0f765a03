//! What the stats do when Redis does not, and what they promise beyond the suite.

mod away;
mod bounds;
mod cluster;
mod encryption;
mod engines;
mod forgetting;
mod lost;
mod refusing;
mod support;
