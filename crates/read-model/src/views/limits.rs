//! Limits, as clients read them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use domain::limits::{Limits, Rate};
use ports::AllLimits;
use serde::Serialize;
use utoipa::ToSchema;

/// Every limit that is set.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AllLimits)]
pub(crate) struct AllLimitsView {
    /// Whether everything is paused.
    paused: bool,
    /// The limits by job type; a type that is not here has none.
    types: BTreeMap<String, LimitsView>,
}

impl From<AllLimits> for AllLimitsView {
    fn from(all: AllLimits) -> Self {
        let types = all.types.into_iter();
        Self {
            paused: all.paused,
            types: types.map(|(name, limits)| (name, limits.into())).collect(),
        }
    }
}

/// The limits of one job type.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Limits)]
struct LimitsView {
    /// Whether nothing of the type starts.
    paused: bool,
    /// How many run at once; null for as many as come.
    #[schema(required, value_type = Option<u32>, minimum = 1)]
    concurrency: Option<NonZeroU32>,
    /// How many start in a span of time; null for as many as come.
    #[schema(required, value_type = Option<RateDocument>)]
    rate: Option<Rate>,
}

impl From<Limits> for LimitsView {
    fn from(limits: Limits) -> Self {
        let Limits {
            paused,
            concurrency,
            rate,
        } = limits;
        Self {
            paused,
            concurrency,
            rate,
        }
    }
}

/// So many starts in so much time.
#[derive(ToSchema)]
#[schema(as = Rate)]
#[expect(dead_code, reason = "describes a rate of the domain")]
struct RateDocument {
    /// How many.
    #[schema(minimum = 1)]
    limit: u32,
    /// The span of time.
    #[schema(examples("1s"))]
    per: String,
}
