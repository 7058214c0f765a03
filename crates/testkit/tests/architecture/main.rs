//! The architecture as far as a machine can check it: who may depend on whom, and how the sources are kept.

mod graph;
mod layers;
mod sources;
