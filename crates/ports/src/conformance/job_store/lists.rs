//! The cases by subject.

/// What workers and schedulers do with jobs, and what is told of them.
#[doc(hidden)]
#[macro_export]
macro_rules! __job_store_lives {
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
                those_of_a_higher_priority_are_taken_first,
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
                a_cancelled_job_is_pruned_and_a_revived_one_is_not,
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
            journaling: [
                the_journal_of_an_empty_store_is_empty,
                the_journal_has_every_job_with_its_history,
                the_journal_goes_on_while_jobs_come_and_go,
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

/// What clients want of jobs: later, not too many at once, once, withdrawn, revived, again and again, found.
#[doc(hidden)]
#[macro_export]
macro_rules! __job_store_wishes {
    ($harness:expr) => {
        $crate::__conformance_cases! { job_store, $harness;
            scheduling: [
                a_job_for_later_is_scheduled,
                the_moment_of_the_stored_job_counts,
                a_job_whose_time_has_come_starts_at_once,
                a_fresh_duplicate_does_not_start_a_scheduled_job,
                a_scheduled_job_is_taken_when_due_and_not_before,
                a_scheduled_job_is_taken_by_one_of_several_schedulers_only,
                the_dispatch_starts_a_scheduled_job_even_if_the_workers_clock_is_behind,
                a_scheduled_job_that_is_dispatched_twice_starts_once,
                a_job_for_later_that_nobody_claimed_is_not_dispatched_before_its_time,
                a_job_for_a_far_day_keeps_its_moment,
                scheduled_jobs_survive_a_crash,
            ]
            holding: [
                a_paused_type_holds_its_jobs_back,
                a_fresh_duplicate_does_not_start_a_held_job,
                a_resumed_type_starts_what_waited,
                a_pause_of_everything_holds_every_job_back,
                a_type_stays_paused_when_everything_is_resumed,
                a_pause_stops_no_attempt_and_holds_the_next_one_back,
                a_scheduled_job_whose_time_comes_in_a_pause_waits,
                a_held_job_says_why,
                a_held_job_can_be_cancelled,
                holds_survive_a_crash,
            ]
            concurrency: [
                no_more_jobs_of_a_type_run_than_may,
                every_type_has_its_own_room,
                held_jobs_go_one_by_one_in_the_order_of_priority_and_arrival,
                fresh_jobs_do_not_overtake_those_that_wait,
                every_end_of_an_attempt_makes_room,
                a_job_that_was_held_again_is_not_put_off,
                a_held_job_that_was_taken_comes_again_if_nobody_starts_it,
                room_is_counted_over_a_crash,
                many_claimers_never_start_more_than_may,
            ]
            rates: [
                no_more_jobs_start_than_the_rate_allows,
                tokens_come_back_one_by_one,
                a_rate_holds_over_a_long_time,
                a_rate_saves_up_no_more_than_a_burst,
                a_job_that_waits_for_room_pays_no_token,
                a_rate_holds_over_a_crash,
            ]
            limiting: [
                a_raised_limit_lets_more_jobs_go,
                a_lowered_limit_waits_for_running_jobs,
                a_removed_limit_lets_every_job_go,
                a_new_limit_counts_what_runs_already,
                a_pause_over_a_limit_ends_with_the_limit_in_force,
                a_changed_rate_counts_at_once,
                limits_are_kept_as_they_were_set,
                a_pause_leaves_other_limits_alone,
                limits_of_too_many_types_are_refused,
                twenty_thousand_held_jobs_go_in_batches,
            ]
            reserving: [
                a_key_is_reserved_for_one_job,
                reservations_of_a_batch_are_answered_in_order,
                odd_keys_are_told_apart,
                a_reservation_ends_at_its_time,
                a_repeated_wish_prolongs_the_reservation,
                a_reservation_lasts_once_its_job_is_there,
                a_job_that_waits_for_a_reservation_goes_when_that_has_ended,
                a_job_that_waits_for_a_reservation_waits_on_when_another_one_is_faster,
                a_job_that_comes_after_its_reservation_waits,
                one_of_a_hundred_concurrent_reservations_wins,
                reservations_survive_a_crash,
            ]
            unique: [
                a_job_owns_its_key_from_its_admission,
                a_second_job_under_a_key_waits,
                a_job_for_later_under_a_taken_key_waits_for_both,
                jobs_under_a_key_run_one_after_the_other,
                the_key_goes_to_the_job_that_is_let_go,
                a_key_is_released_by_an_end_and_not_by_a_retry,
                a_key_is_released_by_a_cancelling,
                a_key_is_released_by_a_quarantine,
                a_waiting_job_that_is_cancelled_does_not_release_the_key,
                a_revived_job_takes_its_key_again_or_waits,
                keys_survive_a_crash,
                concurrent_jobs_under_a_key_never_run_together,
            ]
            cancelling: [
                a_waiting_job_is_cancelled_at_once,
                the_message_of_a_cancelled_job_starts_nothing,
                a_running_job_is_cancelled_by_way_of_its_worker,
                cancellations_name_the_attempt,
                an_attempt_may_end_in_any_way_after_a_cancel,
                a_worker_may_end_an_attempt_as_cancelled,
                the_death_of_its_worker_ends_a_job_that_is_to_be_cancelled,
                a_repeated_cancel_says_what_it_finds,
                cancels_survive_a_crash,
            ]
            reviving: [
                an_ended_job_without_a_result_is_revived,
                a_revived_job_runs_again,
                an_old_message_does_not_start_a_revived_job,
                a_job_can_be_revived_again_and_again,
                a_job_can_be_cancelled_in_every_round,
                a_revived_job_has_all_its_chances_again,
                a_job_that_has_not_ended_or_has_a_result_is_not_revived,
                a_result_of_an_earlier_round_gets_its_answer_and_changes_nothing,
                rounds_survive_a_crash,
            ]
            commanding: [
                a_job_that_is_not_there_is_unknown,
                an_ended_job_can_be_forgotten,
                events_of_a_forgotten_job_stay_in_the_outbox,
                the_message_of_a_forgotten_job_does_not_bring_it_back,
                a_forgotten_job_is_gone_from_every_list,
                a_batch_of_commands_is_answered_in_order,
                five_hundred_jobs_are_commanded_at_once,
                one_of_many_concurrent_commands_is_done,
                a_cancel_and_a_claim_at_once_agree,
            ]
            logs: [
                the_log_of_every_attempt_is_kept,
                a_log_is_kept_whatever_the_outcome,
                a_log_of_the_greatest_length_is_kept_whole,
                only_the_result_that_stands_has_a_log,
                logs_of_earlier_rounds_are_kept,
                logs_go_with_their_job,
            ]
            schedules: [
                a_schedule_is_kept_as_it_was_given,
                schedules_are_listed_by_name,
                a_replaced_schedule_keeps_its_identity_and_its_last_firing,
                a_deleted_schedule_is_forgotten,
                a_schedule_with_a_rule_that_does_not_read_is_kept,
                a_schedule_is_replaced_only_where_the_precondition_holds,
                too_many_schedules_are_refused,
            ]
            firing: [
                a_schedule_fires_when_it_is_due_and_not_before,
                a_fired_job_is_what_its_schedule_says,
                a_fired_job_is_announced_by_the_outbox,
                a_fired_job_runs,
                a_fired_job_takes_its_key_or_waits_for_it,
                concurrent_schedulers_fire_once,
                a_firing_survives_a_crash,
                no_more_schedules_fire_than_asked_for,
            ]
            catching_up: [
                missed_firings_are_caught_up_as_the_schedule_says,
                a_schedule_goes_on_after_an_absence,
                a_paused_schedule_does_not_fire,
                a_changed_schedule_does_not_make_up_for_before,
                a_deleted_schedule_does_not_fire,
                a_schedule_whose_rule_does_not_read_is_paused,
            ]
            searching: [
                every_field_finds_what_matches,
                random_queries_find_what_matches,
                a_query_finds_what_matches_among_thousands,
                a_query_finds_what_has_just_changed,
                pages_of_a_query_stay_stable_while_jobs_arrive,
                a_cursor_of_another_query_finds_no_more_than_matches,
            ]
        }
    };
}
