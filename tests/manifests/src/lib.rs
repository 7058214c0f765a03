//! The rendered manifests of the cluster, read as people and Kubernetes read them.

mod object;
mod profile;
mod typed;
mod workload;

pub use object::Object;
pub use profile::{Profile, root};
pub use typed::{TypeError, lost};
pub use workload::{Container, Workload};
