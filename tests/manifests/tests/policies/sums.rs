//! What everything takes together.

use manifests::{Profile, Workload};

/// What the whole small profile may take, in bytes.
const MEMORY: u64 = 4_000_000_000;

#[test]
fn the_small_profile_fits_into_four_gigabytes() {
    let objects = Profile::Kind.objects();
    let memory: u64 = Workload::all(&objects)
        .flat_map(|workload| {
            workload
                .containers()
                .map(move |container| (workload.replicas(), container))
        })
        .map(|(replicas, container)| {
            replicas * bytes(container.at("/resources/limits/memory").as_str().unwrap())
        })
        .sum();
    assert!(memory <= MEMORY, "{memory}");
    assert!(memory > MEMORY / 4, "{memory}: nobody limits anything");
}

fn bytes(quantity: &str) -> u64 {
    let (number, unit) = quantity.split_at(quantity.len() - 2);
    let number: u64 = number.parse().expect("a number");
    match unit {
        "Mi" => number << 20,
        "Gi" => number << 30,
        _ => panic!("{quantity}"),
    }
}
