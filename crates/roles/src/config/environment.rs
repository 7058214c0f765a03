//! The layer of the environment.

use std::collections::BTreeMap;

use domain::suggest;

use super::Setting;

/// The beginning of variables that are ours.
const OURS: &str = "OBSERVATORY_";

/// The variables of the process. An empty one counts as not set.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Those of this process. What is no text cannot be a setting.
    pub fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Variables that look like slips of ones that are known, each with the one that may have been meant.
    ///
    /// They are no errors: others may have variables with this beginning, as a Kubernetes service named `observatory-…`
    /// gives its neighbours.
    pub fn slips(&self, known: &[&'static dyn Setting]) -> Vec<(String, &'static str)> {
        let names: Vec<&'static str> = known
            .iter()
            .flat_map(|setting| setting.about().variables)
            .copied()
            .collect();
        let unknown = self
            .0
            .keys()
            .filter(|name| name.starts_with(OURS) && !names.contains(&name.as_str()));
        unknown
            .filter_map(|name| Some((name.clone(), suggest::nearest(name, names.iter().copied())?)))
            .collect()
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Self {
        let variables = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self(
            variables
                .filter(|(_, value): &(String, String)| !value.is_empty())
                .collect(),
        )
    }
}
