//! The schedule has fired at every second of its life, and never twice.

use std::collections::BTreeSet;

use domain::schedule::firing_id;
use ports::JobStore;
use uuid::Uuid;

use crate::wishes::scheduled;

/// The jobs of the schedule: one for each of its seconds. Empty where there is none.
pub(super) async fn expected(store: &dyn JobStore) -> BTreeSet<Uuid> {
    let Some(schedule) = scheduled(store).await else {
        return BTreeSet::new();
    };
    let last = schedule.last_at.expect("it has fired");
    let rule = schedule.rule().expect("a rule");
    let seconds = std::iter::successors(rule.next_after(schedule.created_at), |at| rule.next_after(*at));
    let fired = seconds.take_while(|at| *at <= last);
    fired.map(|at| firing_id(schedule.id, at)).collect()
}
