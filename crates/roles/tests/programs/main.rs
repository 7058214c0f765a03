//! The programs of the roles, run as anybody runs them. The servers are away: what needs them is in `services`.

#[cfg(test)]
mod away;
#[cfg(test)]
mod check_config;
#[cfg(test)]
mod command_line;
#[cfg(test)]
mod once;
#[cfg(test)]
mod support;
