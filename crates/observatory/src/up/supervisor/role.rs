//! The roles.

/// One part of the observatory as a process of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Takes jobs.
    Gateway,
    /// Runs them.
    Processor,
    /// Derives numbers and history.
    MetricsEngine,
    /// Answers questions.
    ReadModel,
    /// The web page.
    WebUi,
}

impl Role {
    /// Every role.
    pub(crate) const ALL: [Self; 5] = [
        Self::Gateway,
        Self::Processor,
        Self::MetricsEngine,
        Self::ReadModel,
        Self::WebUi,
    ];

    /// Its name for people.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Processor => "processor",
            Self::MetricsEngine => "metrics engine",
            Self::ReadModel => "read model",
            Self::WebUi => "web page",
        }
    }

    /// Its program.
    pub(crate) const fn program(self) -> &'static str {
        match self {
            Self::Gateway => "observatory-gateway",
            Self::Processor => "observatory-processor",
            Self::MetricsEngine => "observatory-metrics-engine",
            Self::ReadModel => "observatory-read-model",
            Self::WebUi => "observatory-web-ui",
        }
    }

    /// When it stops: in the order in which work flows, and whoever watches last.
    pub(super) const fn stage(self) -> u8 {
        match self {
            Self::Gateway => 0,
            Self::Processor => 1,
            Self::MetricsEngine => 2,
            Self::ReadModel | Self::WebUi => 3,
        }
    }

    /// Where it says whether it is ready. The page needs nothing else to be.
    pub(crate) const fn health(self) -> &'static str {
        match self {
            Self::WebUi => "/healthz",
            _ => "/readyz",
        }
    }
}
