//! Troubles that may pass are given some time to do so.

use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

use super::pods::Trouble;

/// How long one that may pass is looked at; the scheduler looks again within a second or two of what it waits for.
const GRACE: Duration = Duration::from_secs(15);

/// The pods in troubles that may pass, and since when.
#[derive(Debug, Default)]
pub(super) struct Grace(HashMap<String, Instant>);

impl Grace {
    /// The first of the present troubles that will not pass, or has not for long enough.
    pub(super) fn spent(&mut self, troubles: Vec<Trouble>, now: Instant) -> Option<Trouble> {
        let known = std::mem::take(&mut self.0);
        for trouble in &troubles {
            let since = known.get(&trouble.pod).copied().unwrap_or(now);
            self.0.insert(trouble.pod.clone(), since);
        }
        let lasted = |trouble: &Trouble| {
            self.0
                .get(&trouble.pod)
                .is_some_and(|since| now - *since >= GRACE)
        };
        troubles
            .into_iter()
            .find(|trouble| !trouble.may_pass() || lasted(trouble))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(reason: &str) -> Trouble {
        Trouble {
            pod: "gateway-1".into(),
            container: None,
            reason: reason.into(),
            message: String::new(),
        }
    }

    #[test]
    fn what_may_pass_is_told_only_when_it_lasts() {
        let (mut grace, begin) = (Grace::default(), Instant::now());
        let mut after = |seconds, troubles| grace.spent(troubles, begin + Duration::from_secs(seconds));
        assert_eq!(after(0, vec![trouble("Unschedulable")]), None);
        assert_eq!(after(14, vec![trouble("Unschedulable")]), None);
        assert_eq!(after(15, Vec::new()), None, "it passed, and its time begins anew");
        assert_eq!(after(16, vec![trouble("Unschedulable")]), None);
        assert!(after(31, vec![trouble("Unschedulable")]).is_some());
    }

    #[test]
    fn what_does_not_pass_is_told_at_once() {
        let found = Grace::default().spent(vec![trouble("ErrImagePull")], Instant::now());
        assert_eq!(found, Some(trouble("ErrImagePull")));
    }
}
