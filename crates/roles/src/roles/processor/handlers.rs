//! What the built-in handlers are told.

use processor::handlers::{Builtin, BuiltinError};

use crate::config::kinds::{Name, Programs, Switch};
use crate::config::{About, Key, Preset, Settings, Values};

static ALLOW_EXEC: Key<Programs> = Key {
    about: About {
        path: "processor.allow_exec",
        variables: &["OBSERVATORY_ALLOW_EXEC"],
        option: "allow-exec",
        preset: Preset::Value(""),
        meaning: "The programs that `exec` jobs may run, under the names that they use; none by default",
    },
    kind: Programs,
};

static FALLBACK: Key<Name> = Key {
    about: About {
        path: "processor.fallback",
        variables: &["OBSERVATORY_FALLBACK"],
        option: "fallback",
        preset: Preset::Nothing,
        meaning: "The job type whose handler runs jobs of types that nobody handles, instead of failing them",
    },
    kind: Name {
        longest: 200,
        what: "job type",
    },
};

static ALLOW_PRIVATE_ADDRESSES: Key<Switch> = Key {
    about: About {
        path: "processor.allow_private_addresses",
        variables: &["OBSERVATORY_ALLOW_PRIVATE_ADDRESSES"],
        option: "allow-private-addresses",
        preset: Preset::Value("false"),
        meaning: "Whether `http` jobs may call private, loopback and link-local addresses",
    },
    kind: Switch,
};

pub(super) fn settings() -> Settings {
    vec![&ALLOW_EXEC, &FALLBACK, &ALLOW_PRIVATE_ADDRESSES]
}

pub(super) fn read(values: &mut Values<'_>) -> Option<Builtin> {
    let programs = values.get(&ALLOW_EXEC);
    let fallback = values.optional(&FALLBACK);
    let allow_private_addresses = values.get(&ALLOW_PRIVATE_ADDRESSES);
    let builtin = Builtin {
        programs: programs?,
        fallback: fallback?,
        allow_private_addresses: allow_private_addresses?,
    };
    if let Err(error @ BuiltinError::NoSuchType { .. }) = builtin.registry() {
        values.refuse(&FALLBACK, error.to_string());
    }
    Some(builtin)
}
