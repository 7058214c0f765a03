//! The suite of [`LiveStats`](crate::LiveStats).

pub mod applying;
pub mod commuting;
pub mod errors;
pub mod history;
pub mod random;
pub mod rebuilding;
pub mod retention;
mod support;
pub mod types;

/// Tests an adapter of the live stats; see [`conformance`](crate::conformance).
#[macro_export]
macro_rules! live_stats_suite {
    ($harness:expr) => {
        $crate::__conformance_cases! { live_stats, $harness;
            applying: [
                nothing_applied_is_an_empty_snapshot,
                every_event_type_is_counted,
                an_event_is_applied_once,
                an_event_twice_in_a_batch_is_applied_once,
                the_last_event_is_the_latest_and_not_the_last_to_arrive,
                applying_nothing_is_no_error,
                concurrent_overlapping_batches_count_each_event_once,
                a_ping_answers_within_its_limit,
            ]
            commuting: [
                any_order_gives_the_same_snapshot,
                any_batches_give_the_same_snapshot,
            ]
            types: [
                types_are_counted_apart,
                the_busiest_types_come_first,
                the_number_of_types_is_bounded,
                a_client_may_call_its_type_other,
            ]
            history: [
                minutes_are_counted_by_the_events_own_time,
                history_begins_where_asked,
                minutes_before_1970_are_minutes,
                history_counts_an_event_once,
            ]
            errors: [
                errors_of_one_cause_are_one_group,
                events_without_an_error_are_in_no_group,
                groups_with_the_latest_error_come_first,
                of_errors_at_one_moment_the_greatest_job_is_the_last,
                an_error_is_grouped_once,
                groups_are_kept_as_they_were,
                any_order_and_any_batches_give_the_same_groups,
                the_number_of_groups_is_bounded,
                groups_that_did_not_come_again_are_pruned,
            ]
            retention: [
                pruned_minutes_are_forgotten_and_totals_stay,
                an_old_event_applied_just_now_is_still_known,
                the_counters_survive_a_crash,
                an_event_applied_before_a_crash_is_known_after_it,
            ]
            rebuilding: [
                new_stats_are_not_complete_until_somebody_says_so,
                cleared_stats_are_as_new,
                a_rebuild_beside_new_events_gives_the_same_counters,
            ]
            random: [
                any_life_of_the_stats_counts_each_event_once,
            ]
        }
    };
}
