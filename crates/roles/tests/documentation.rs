//! `docs/configuration.md` says what the code does.

use std::fmt::Write;

use observatory_roles::config::{Preset, Setting};
use observatory_roles::{all_settings, of_programs};

const PAGE: &str = include_str!("../../../docs/configuration.md");

/// The tables of the page: one for each table of the file.
fn tables() -> String {
    let mut text = String::new();
    let mut table = "";
    let mut settings = all_settings();
    settings.sort_by_key(|setting| place(setting.about().table_and_name().0));
    for setting in settings {
        let of = setting.about().table_and_name().0;
        if of != table {
            table = of;
            let _ = write!(text, "\n### `[{table}]`: {}\n\n{HEAD}", roles(table));
        }
        let _ = writeln!(text, "{}", row(setting));
    }
    text
}

const HEAD: &str = "| key | variables | option | default | allowed | meaning |\n|---|---|---|---|---|---|\n";

/// Where a table stands: the more roles read it the earlier, otherwise in the order in which its first key does.
fn place(table: &str) -> (usize, usize) {
    let settings = all_settings();
    let first = settings
        .iter()
        .position(|setting| setting.about().table_and_name().0 == table);
    (
        of_programs().len() - readers(table).len(),
        first.unwrap_or_default(),
    )
}

/// The programs that read a table.
fn readers(table: &str) -> Vec<&'static str> {
    let is_of = |setting: &dyn Setting| setting.about().table_and_name().0 == table;
    let programs = of_programs().into_iter();
    let readers = programs.filter(|(_, settings)| settings.iter().any(|setting| is_of(*setting)));
    readers.map(|(program, _)| program).collect()
}

/// The roles that read a table, for people.
fn roles(table: &str) -> String {
    let readers = readers(table);
    if readers.len() == of_programs().len() {
        return "every role".to_owned();
    }
    let names: Vec<_> = readers
        .iter()
        .map(|program| program.trim_start_matches("observatory-"))
        .collect();
    names.join(", ")
}

fn row(setting: &dyn Setting) -> String {
    let about = setting.about();
    let variables: Vec<String> = about.variables.iter().map(|name| format!("`{name}`")).collect();
    let default = match about.preset {
        Preset::Value("") | Preset::Nothing => "none".to_owned(),
        Preset::Value(text) => format!("`{text}`"),
        Preset::Required(_) => "**required**".to_owned(),
    };
    format!(
        "| `{}` | {} | `--{}` | {default} | {} | {} |",
        about.table_and_name().1,
        variables.join(", "),
        about.option,
        setting.allowed(),
        about.meaning
    )
}

#[test]
fn the_page_has_every_key_as_it_is_in_the_code() {
    let section = PAGE.split("## Every key\n").nth(1).expect("the section is there");
    let section = section.split("\n## ").next().unwrap_or_default();
    assert!(
        section.trim() == tables().trim(),
        "docs/configuration.md, `## Every key` should be:\n{}",
        tables()
    );
}

#[test]
fn the_example_on_the_page_has_only_keys_that_are_known() {
    let example = PAGE
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("observatory.toml");
    std::fs::write(&path, example.expect("there is an example")).unwrap();
    let checked = std::process::Command::new(env!("CARGO_BIN_EXE_observatory-processor"))
        .env_clear()
        .args(["check-config", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}
