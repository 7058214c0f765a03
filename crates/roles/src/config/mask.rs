//! URLs without their secrets.

/// Stands for a secret.
const MASK: &str = "***";

/// The parameters of a URL that are known to be no secrets.
const HARMLESS: [&str; 14] = [
    "application_name",
    "authsource",
    "connect_timeout",
    "directconnection",
    "heartbeat",
    "protocol",
    "readpreference",
    "replicaset",
    "retrywrites",
    "ssl",
    "sslmode",
    "tls",
    "vhost",
    "w",
];

/// A URL that may be shown: without its password, and without the values of parameters that may be secrets.
///
/// A password that was not encoded as it should be may have any character, so everything up to the last `@` counts as
/// what a server is told of us.
pub fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return MASK.to_owned();
    };
    let (user, place) = match rest.rsplit_once('@') {
        Some((told, place)) => (user(told), place),
        None => (String::new(), rest),
    };
    let (place, parameters) = match place.split_once('?') {
        Some((place, parameters)) => (place, masked_parameters(parameters)),
        None => (place, String::new()),
    };
    format!("{scheme}://{user}{place}{parameters}")
}

/// The user's name, which is no secret, with a mask where the password was.
fn user(told: &str) -> String {
    match told.split_once(':') {
        Some((name, _password)) => format!("{name}:{MASK}@"),
        None => format!("{told}@"),
    }
}

fn masked_parameters(parameters: &str) -> String {
    let shown: Vec<String> = parameters.split('&').map(masked_parameter).collect();
    format!("?{}", shown.join("&"))
}

fn masked_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if HARMLESS.contains(&name.to_ascii_lowercase().as_str()) => parameter.to_owned(),
        Some((name, _)) => format!("{name}={MASK}"),
        None => MASK.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_goes_and_the_rest_stays() {
        for (url, shown) in [
            ("amqp://rabbitmq:5672", "amqp://rabbitmq:5672"),
            (
                "amqp://me:secret@rabbitmq:5672/%2f",
                "amqp://me:***@rabbitmq:5672/%2f",
            ),
            (
                "postgres://me@db/jobs?sslmode=disable",
                "postgres://me@db/jobs?sslmode=disable",
            ),
            ("redis://:secret@redis:6379", "redis://:***@redis:6379"),
            (
                "mongodb://a:secret@h1:1,h2:2/?replicaSet=x&y=secret",
                "mongodb://a:***@h1:1,h2:2/?replicaSet=x&y=***",
            ),
        ] {
            assert_eq!(masked(url), shown);
        }
    }

    #[test]
    fn a_password_that_was_not_encoded_is_hidden_whole() {
        for url in [
            "amqp://me:sec@ret@host",
            "amqp://me:sec/ret@host",
            "amqp://me:sec?ret@host",
            "amqp://me:sec#ret@host",
            "amqp://me:sec:ret@host",
        ] {
            assert_eq!(masked(url), "amqp://me:***@host", "{url}");
        }
    }

    #[test]
    fn what_may_be_a_secret_is_none_to_be_seen() {
        assert_eq!(
            masked("postgres://db/x?password=secret&secret"),
            "postgres://db/x?password=***&***"
        );
        assert_eq!(masked("me:secret@host"), "***");
    }
}
