//! The suite of [`JobStore`](crate::JobStore).

pub mod admitting;
pub mod claiming;
pub mod detail;
pub mod due;
pub mod durability;
pub mod leases;
pub mod listing;
pub mod many;
pub mod outbox;
pub mod pruning;
pub mod random;
pub mod recording;
pub mod rule;
mod support;

/// Tests an adapter of the job store; see [`conformance`](crate::conformance).
#[macro_export]
macro_rules! job_store_suite {
    ($harness:expr) => {
        $crate::__conformance_cases! { job_store, $harness;
            admitting: [
                a_job_is_admitted_once,
                the_same_job_twice_in_a_batch_is_admitted_once,
                admitting_leaves_a_claimed_job_alone,
                admitting_leaves_a_finished_job_alone,
                admitting_nothing_is_no_error,
                concurrent_admissions_of_one_job_store_it_once,
            ]
            claiming: [
                a_claim_starts_an_admitted_job,
                a_claim_stores_a_job_that_is_not_known,
                a_later_attempt_of_an_unknown_job_passes,
                the_same_ticket_gets_the_same_answer,
                another_ticket_is_held_and_the_events_are_in_the_outbox,
                a_late_message_is_held_and_earlier_attempts_are_in_the_outbox,
                a_passed_message_gets_the_events_of_its_attempt,
                the_same_job_twice_in_a_batch_is_started_once,
                a_batch_is_answered_in_order,
                one_of_many_concurrent_claims_starts,
                the_next_attempt_knows_the_failures_before,
            ]
            rule: [
                claims_follow_the_rule_in_every_state,
                repeated_claims_follow_the_rule_in_every_state,
            ]
            recording: [
                a_completed_attempt_ends_the_job,
                a_failed_attempt_ends_the_job,
                a_retry_waits_for_its_time,
                a_job_handed_back_counts_no_failure,
                a_repeated_result_gets_the_same_answer,
                a_result_repeated_much_later_gets_the_same_answer,
                the_same_result_twice_in_a_batch_is_applied_once,
                a_contradicting_result_is_stale,
                an_old_token_is_stale,
                another_workers_result_is_stale,
                an_unknown_jobs_result_is_stale,
                results_are_applied_in_order,
                one_of_many_concurrent_results_stands,
            ]
            due: [
                a_retry_is_taken_when_due_and_not_before,
                a_job_is_not_taken_twice,
                a_taken_job_comes_again_if_nobody_starts_it,
                a_dispatched_job_can_be_put_off,
                a_job_that_was_started_is_not_put_off,
                an_admitted_job_that_nobody_started_is_dispatched,
                running_and_finished_jobs_are_never_due,
                no_more_are_taken_than_asked_for,
                concurrent_takers_never_take_the_same_job,
            ]
            leases: [
                only_attempts_of_dead_workers_are_reaped,
                a_lease_ends_after_its_last_moment,
                a_heartbeat_prolongs_the_lease,
                a_reaped_job_runs_again_after_a_pause,
                the_third_dead_worker_quarantines_the_job,
                no_more_are_reaped_than_asked_for,
                a_result_after_the_reaping_is_stale,
                finished_attempts_are_not_reaped,
                an_attempt_started_after_the_lease_ended_is_reaped,
                an_attempt_that_a_retired_worker_forgot_is_reaped,
                a_retired_worker_without_attempts_leaves_nothing_to_reap,
                a_retired_worker_may_come_back,
                concurrent_reapers_count_a_crash_once,
            ]
            outbox: [
                a_held_jobs_later_events_reach_the_outbox,
                a_repeated_result_does_not_fill_the_outbox,
                held_again_and_again_does_not_fill_the_outbox,
                jobs_with_messages_of_their_own_stay_out_of_the_outbox,
                the_oldest_events_come_first,
                cleared_events_stay_cleared,
                clearing_what_is_not_there_is_no_error,
            ]
            detail: [
                an_unknown_job_is_absent,
                a_pending_job_shows_what_was_admitted,
                the_history_tells_the_whole_life_in_order,
                event_identifiers_are_the_domains,
                odd_text_comes_back_as_it_was,
                a_body_of_one_mebibyte_comes_back_whole,
                far_away_times_come_back_as_they_were,
            ]
            listing: [
                jobs_are_listed_newest_first,
                a_summary_follows_its_job,
                pages_are_complete_and_without_repetition,
                pages_stay_stable_while_jobs_arrive,
                terms_hold_together,
                sparse_pages_are_complete,
                an_empty_list_ends,
                a_foreign_cursor_is_refused,
            ]
            pruning: [
                only_old_terminal_jobs_are_pruned,
                no_more_are_pruned_than_asked_for,
                unpublished_events_outlive_their_job,
                a_ping_answers_within_its_limit,
            ]
            durability: [
                admitted_jobs_survive_a_crash,
                running_attempts_survive_a_crash,
                results_survive_a_crash,
                leases_survive_a_crash,
                the_outbox_survives_a_crash,
                a_due_job_stays_taken_after_a_crash,
                a_claim_repeated_after_a_crash_gets_the_same_answer,
                cursors_survive_a_crash,
            ]
            many: [
                many_jobs_are_kept_apart,
            ]
            random: [
                any_life_of_a_store_follows_the_domains_rules,
            ]
        }
    };
}
