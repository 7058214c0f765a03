//! The front door: validates submissions, publishes job.created, answers 202
