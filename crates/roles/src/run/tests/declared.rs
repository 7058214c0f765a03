//! Every setting that is read is declared, and the other way round.

use std::collections::BTreeSet;

use super::*;

/// Every setting that a role reads is among its settings, and the other way round; their names are unambiguous.
fn declares_what_it_reads<R: Role>() {
    let layers = Layers::default();
    let mut values = Values::new(&layers, Vec::new());
    let _ = R::read(&mut values);
    let read: BTreeSet<String> = values.read().into_iter().collect();
    let settings = R::settings();
    let declared: BTreeSet<String> = settings
        .iter()
        .map(|setting| setting.about().path.to_owned())
        .collect();
    assert_eq!(read, declared, "{}", R::PROGRAM);
    let options: BTreeSet<_> = settings.iter().map(|setting| setting.about().option).collect();
    assert_eq!(
        options.len(),
        settings.len(),
        "{}: an option sets two settings",
        R::PROGRAM
    );
    let variables: Vec<_> = settings
        .iter()
        .flat_map(|setting| setting.about().variables)
        .collect();
    let distinct: BTreeSet<_> = variables.iter().collect();
    assert_eq!(
        variables.len(),
        distinct.len(),
        "{}: a variable sets two settings",
        R::PROGRAM
    );
    command(R::PROGRAM, R::ABOUT, &settings).debug_assert();
}

#[test]
fn roles_declare_what_they_read() {
    declares_what_it_reads::<Gateway>();
    declares_what_it_reads::<Processor>();
    declares_what_it_reads::<MetricsEngine>();
    declares_what_it_reads::<ReadModel>();
    declares_what_it_reads::<WebUi>();
}
