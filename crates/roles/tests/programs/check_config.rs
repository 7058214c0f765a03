//! `check-config` of each program.

use super::once::{AWAY, ran};
use super::support::PROGRAMS;

#[test]
fn a_configuration_in_order_is_printed_without_secrets() {
    for (program, _) in PROGRAMS {
        let (code, stdout, stderr) = ran(program, &AWAY, &["check-config"]);
        assert_eq!((code, stderr.as_str()), (0, ""), "{program}");
        assert!(
            stdout.contains(program) && stdout.contains("[listen]\naddress = \"127.0.0.1\"  # default"),
            "{stdout}"
        );
        assert!(!stdout.contains("secret"), "{stdout}");
        let has_bus = stdout.contains("url = \"amqp://me:***@127.0.0.1:1\"  # RABBITMQ_URL");
        assert_eq!(has_bus, program != "observatory-web-ui", "{stdout}");
    }
}

#[test]
fn quiet_prints_nothing_where_all_is_in_order() {
    for (program, _) in PROGRAMS {
        assert_eq!(
            ran(program, &AWAY, &["check-config", "--quiet"]),
            (0, String::new(), String::new()),
            "{program}"
        );
    }
}

#[test]
fn everything_that_is_wrong_is_told_and_the_code_is_2() {
    let wrong = [
        ("OBSERVATORY_BIND", "localhost"),
        ("OBSERVATORY_LISTEN_PORT", "0"),
        ("OBSERVATORY_DRAIN", "5"),
    ];
    for (program, _) in PROGRAMS {
        let (code, stdout, stderr) = ran(program, &wrong, &["check-config"]);
        assert_eq!((code, stdout.as_str()), (2, ""), "{program}");
        for (variable, _) in wrong {
            assert!(
                stderr.contains(&format!("error: {variable}: ")),
                "{program}: {stderr}"
            );
        }
        let needs_bus = stderr.contains("bus.url is not set");
        assert_eq!(needs_bus, program != "observatory-web-ui", "{stderr}");
    }
}

#[test]
fn a_role_with_a_wrong_configuration_does_not_start() {
    for (program, _) in PROGRAMS {
        let (code, _, stderr) = ran(program, &[("OBSERVATORY_DRAIN", "5")], &[]);
        assert_eq!(code, 2, "{program}");
        assert!(stderr.contains("write e.g. 5s"), "{stderr}");
    }
}
