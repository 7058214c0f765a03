//! Answers every question: stats, jobs, events, dead letters
