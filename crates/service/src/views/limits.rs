//! Limits as API documents describe them; what is written are the types of `domain` and `ports` themselves.

use std::collections::BTreeMap;

use utoipa::ToSchema;

/// The limits of one job type.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = Limits)]
pub struct LimitsDocument {
    /// Nothing starts until somebody resumes the type.
    pub paused: bool,
    /// How many run at once; null for as many as there are workers.
    #[schema(required, minimum = 1, examples(5))]
    pub concurrency: Option<u32>,
    /// How many start in a span of time; null for as many as come.
    #[schema(required)]
    pub rate: Option<RateDocument>,
}

/// So many starts in so much time; as many at once after a pause.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = Rate)]
pub struct RateDocument {
    /// How many.
    #[schema(minimum = 1, maximum = 1_000_000, examples(100))]
    pub limit: u32,
    /// In how much time: 1ms to 30d.
    #[schema(examples("1s"))]
    pub per: String,
}

/// Every limit that is set.
#[derive(Clone, Debug, ToSchema)]
#[schema(as = AllLimits)]
pub struct AllLimitsDocument {
    /// Whether everything is paused.
    pub paused: bool,
    /// The limits by job type; types without any are absent.
    pub types: BTreeMap<String, LimitsDocument>,
}
