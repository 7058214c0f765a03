//! What every service shares: problem+json, correlation, limits, telemetry, shutdown
