//! Lists against the meaning of the query.
