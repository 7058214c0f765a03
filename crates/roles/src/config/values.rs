//! Reading typed values out of the layers.

use std::fmt::Write;

use super::{ConfigError, Effective, Key, Kind, Layers, Preset, Report, Source};

/// Gives typed values, and remembers what is wrong and what is in force.
pub struct Values<'a> {
    layers: &'a Layers,
    errors: Vec<ConfigError>,
    in_force: Vec<InForce>,
    /// The paths of all settings that were asked for.
    #[cfg(test)]
    asked: Vec<&'static str>,
}

/// A setting as it is in force.
#[derive(Clone, Debug)]
struct InForce {
    table: &'static str,
    name: &'static str,
    value: Effective,
    source: Source,
}

impl<'a> Values<'a> {
    /// Reads from `layers`, in which `errors` were found already.
    pub fn new(layers: &'a Layers, errors: Vec<ConfigError>) -> Self {
        Self {
            layers,
            errors,
            in_force: Vec::new(),
            #[cfg(test)]
            asked: Vec::new(),
        }
    }

    /// The value of a setting that has one always; none where it is wrong or missing, which is remembered.
    pub fn get<K: Kind>(&mut self, key: &Key<K>) -> Option<K::Value> {
        let value = self.optional(key)?;
        if value.is_none() {
            let example = match key.about.preset {
                Preset::Required(example) | Preset::Value(example) => example,
                Preset::Nothing => "",
            };
            self.errors.push(ConfigError::missing(&key.about, example));
        }
        value
    }

    /// The value of a setting, if it has one; nothing at all where it is wrong, which is remembered.
    pub fn optional<K: Kind>(&mut self, key: &Key<K>) -> Option<Option<K::Value>> {
        #[cfg(test)]
        self.asked.push(key.about.path);
        let Some((given, source)) = self.layers.find(&key.about) else {
            self.remember(key, Effective::Nothing, Source::Default);
            return Some(None);
        };
        match key.kind.read(&given) {
            Ok(value) => {
                self.remember(key, key.kind.show(&value), source);
                Some(Some(value))
            }
            Err(reason) => {
                self.errors.push(ConfigError::Value {
                    source,
                    key: key.about.path,
                    given: (!K::IS_SECRET).then(|| given.repeated()),
                    reason,
                });
                None
            }
        }
    }

    /// Refuses a value that reads well and does not fit to others.
    pub fn refuse<K: Kind>(&mut self, key: &Key<K>, reason: impl Into<String>) {
        let found = self.layers.find(&key.about);
        let (given, source) = found.map_or((None, Source::Default), |(given, source)| {
            ((!K::IS_SECRET).then(|| given.repeated()), source)
        });
        self.errors.push(ConfigError::Value {
            source,
            key: key.about.path,
            given,
            reason: reason.into(),
        });
    }

    /// What was read, if nothing is wrong.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn finish<T>(self, read: Option<T>) -> Result<T, Report> {
        match read {
            Some(read) if self.errors.is_empty() => Ok(read),
            _ => Err(Report::new(self.errors)),
        }
    }

    /// What is in force, as a file would have it; secrets are masked. Each line says where its value is from.
    pub fn in_force(&self) -> String {
        let mut text = String::new();
        let mut tables: Vec<&str> = Vec::new();
        for setting in &self.in_force {
            if !tables.contains(&setting.table) {
                tables.push(setting.table);
            }
        }
        for table in tables {
            // Writing to a string does not fail.
            let _ = writeln!(text, "\n[{table}]");
            for setting in self.in_force.iter().filter(|setting| setting.table == table) {
                let _ = writeln!(text, "{}", setting.line());
            }
        }
        text
    }

    /// The settings that were asked for.
    #[cfg(test)]
    pub(crate) fn read(&self) -> Vec<String> {
        self.asked.iter().map(|path| (*path).to_owned()).collect()
    }

    fn remember<K: Kind>(&mut self, key: &Key<K>, value: Effective, source: Source) {
        let (table, name) = key.about.table_and_name();
        self.in_force.push(InForce {
            table,
            name,
            value,
            source,
        });
    }
}

impl InForce {
    fn line(&self) -> String {
        match &self.value {
            Effective::Nothing => format!("# {} is not set", self.name),
            value => format!("{} = {value}  # {}", self.name, self.source),
        }
    }
}
