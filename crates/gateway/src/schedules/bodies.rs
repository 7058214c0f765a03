//! The bodies of commands on schedules, as the API document describes them.

use serde_json::Value;
use utoipa::ToSchema;

/// A schedule to be made.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) struct NewSchedule {
    /// What people call it: 1 to 128 letters, digits, `.`, `_` and `-`, a letter or digit first.
    #[schema(min_length = 1, max_length = 128, examples("nightly"))]
    name: String,
    #[serde(flatten)]
    rest: ScheduleBody,
}

/// A schedule under the name in the path.
#[derive(ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) struct ScheduleBody {
    /// The cron expression.
    #[schema(max_length = 256, examples("0 3 * * *"))]
    cron: String,
    /// The time zone that it is read in.
    #[schema(default = "UTC", examples("Europe/Berlin"))]
    timezone: Option<String>,
    /// What happens to firings that were missed: left out, made up for by one, or all made up for.
    #[schema(value_type = Option<CatchUpName>, default = "one")]
    catch_up: Option<CatchUpName>,
    /// Whether it fires nothing for now.
    #[schema(default = false)]
    paused: Option<bool>,
    /// The job that each firing makes: what a client would submit, without `id`, `status`, `createdAt`, `delay` and
    /// `runAt`.
    #[schema(value_type = Object)]
    job: Value,
}

/// What happens to firings that were missed.
#[derive(ToSchema)]
#[schema(as = CatchUp, rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) enum CatchUpName {
    /// They are left out.
    Skip,
    /// One firing makes up for all of them.
    One,
    /// Each is made up for, at most the latest 100.
    All,
}

/// A rule to be looked at.
#[derive(ToSchema)]
#[schema(as = ScheduleRule)]
#[expect(dead_code, reason = "describes the body in the API document")]
pub(crate) struct RuleBody {
    /// The cron expression.
    #[schema(max_length = 256, examples("0 3 * * *"))]
    cron: String,
    /// The time zone that it is read in.
    #[schema(default = "UTC", examples("Europe/Berlin"))]
    timezone: Option<String>,
    /// How many firings.
    #[schema(default = 5, minimum = 1, maximum = 100)]
    count: Option<u32>,
}
