//! What the bus does when its broker does not.
