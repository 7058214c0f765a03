//! The command lines.

use super::once::{AWAY, ran};
use super::support::PROGRAMS;

#[test]
fn help_names_every_setting_with_its_variables() {
    for (program, _) in PROGRAMS {
        let (code, help, _) = ran(program, &[], &["--help"]);
        assert_eq!(code, 0);
        for part in [
            "--bind <ADDRESS>",
            "OBSERVATORY_BIND",
            "--drain",
            "check-config",
            "OBSERVATORY_CONFIG",
        ] {
            assert!(help.contains(part), "{program}: {help}");
        }
        let (code, version, _) = ran(program, &[], &["--version"]);
        assert_eq!(
            (code, version),
            (0, format!("{program} {}\n", env!("CARGO_PKG_VERSION")))
        );
    }
}

#[test]
fn options_stand_on_either_side_of_the_command() {
    for arguments in [
        &["check-config", "--concurrency", "7", "--allow-private-addresses"][..],
        &["--concurrency", "7", "--allow-private-addresses", "check-config"],
    ] {
        let (code, stdout, stderr) = ran("observatory-processor", &AWAY, arguments);
        assert_eq!(code, 0, "{stderr}");
        assert!(stdout.contains("concurrency = 7  # --concurrency"), "{stdout}");
        assert!(
            stdout.contains("allow_private_addresses = true  # --allow-private-addresses"),
            "{stdout}"
        );
    }
}

#[test]
fn lists_are_repeated_or_have_commas() {
    for arguments in [
        &[
            "check-config",
            "--allow-exec",
            "a=/bin/sh",
            "--allow-exec",
            "b=/bin/cat",
        ][..],
        &["check-config", "--allow-exec", "a=/bin/sh,b=/bin/cat"],
    ] {
        let (code, stdout, stderr) = ran("observatory-processor", &AWAY, arguments);
        assert_eq!(code, 0, "{stderr}");
        assert!(
            stdout.contains("allow_exec = [\"a=/bin/sh\", \"b=/bin/cat\"]"),
            "{stdout}"
        );
    }
}

#[test]
fn what_is_no_option_is_refused() {
    let (code, _, stderr) = ran("observatory-web-ui", &[], &["--concurrency", "7"]);
    assert_eq!(code, 2);
    assert!(stderr.contains("--concurrency"), "{stderr}");
}
