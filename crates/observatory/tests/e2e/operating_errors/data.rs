//! Data directories that cannot be used.

use std::path::Path;

use testkit::wait_until;

use super::{Ended, run};
use crate::common::{PATIENCE, Site, free_offset};

async fn up(directory: &Path) -> Ended {
    let offset = free_offset().to_string();
    run(&[
        "up",
        "--port-offset",
        &offset,
        "--data-dir",
        directory.to_str().unwrap(),
    ])
    .await
}

#[tokio::test]
async fn data_that_another_observatory_uses_are_left_alone() {
    let first = Site::new().start(&[]).await;
    let data = first.site.data();
    let second = up(&data).await;
    second.assert_failed(1, &["in use by another observatory", data.to_str().unwrap()]);
    first.echoes("the second one").await;
}

#[tokio::test]
async fn a_file_in_the_place_of_the_directory_is_named() {
    let site = Site::new();
    std::fs::write(site.data(), "not a directory").unwrap();
    up(&site.data())
        .await
        .assert_failed(1, &[site.data().to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(site.data()).unwrap(), "not a directory");
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_named() {
    let below_a_file = Path::new("/dev/null/data");
    up(below_a_file)
        .await
        .assert_failed(1, &["/dev/null/data", "cannot create"]);
}

/// Root may write anywhere, so this says something only for everybody else.
#[cfg(unix)]
#[tokio::test]
async fn a_directory_that_cannot_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new();
    std::fs::create_dir(site.data()).unwrap();
    let read_only = std::fs::Permissions::from_mode(0o555);
    std::fs::set_permissions(site.data(), read_only).unwrap();
    if std::fs::write(site.data().join("probe"), "").is_ok() {
        return;
    }
    up(&site.data())
        .await
        .assert_failed(1, &[site.data().to_str().unwrap(), "denied"]);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_as_it_is() {
    let site = Site::new();
    std::fs::create_dir(site.data()).unwrap();
    let file = site.data().join("observatory.sqlite");
    let text = "Dear diary, ".repeat(1000);
    std::fs::write(&file, &text).unwrap();
    up(&site.data())
        .await
        .assert_failed(1, &[site.data().to_str().unwrap(), "not a database"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

/// The version of the data is the user version of the file: four bytes at its sixtieth.
#[tokio::test]
async fn data_of_a_later_program_are_refused() {
    let site = Site::new();
    let mut observatory = site.start(&[]).await;
    observatory.process.signal("TERM");
    observatory.process.exit_code(PATIENCE).await;
    drop(observatory);
    let file = site.data().join("observatory.sqlite");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[60..64].copy_from_slice(&9999_u32.to_be_bytes());
    std::fs::write(&file, bytes).unwrap();
    up(&site.data()).await.assert_failed(1, &["9999", "newer"]);
}

/// SQLite reads some file names as URLs when it is let; nothing of a path is anybody's syntax.
#[tokio::test]
async fn a_directory_may_have_any_name_and_is_made_with_its_parents() {
    let site = Site::new();
    for name in [
        "a/b/c",
        "with space",
        "a?mode=memory",
        "a%20b",
        "a:b#c",
        "Grüße-世界",
    ] {
        let directory = site.home().join(name);
        let offset = free_offset().to_string();
        let arguments = [
            "up",
            "--port-offset",
            &offset,
            "--data-dir",
            directory.to_str().unwrap(),
        ];
        let mut process = site.run(&arguments);
        wait_until(PATIENCE, "the banner", || {
            let ready = process.stdout().contains("is ready");
            async move { ready }
        })
        .await;
        assert!(directory.join("observatory.sqlite").is_file(), "{name}");
        process.kill();
    }
}
