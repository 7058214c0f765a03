use super::*;

/// A directory with one recipe, called `server`.
fn recipes() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("server/root/bin");
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("entrypoint"), "#!/bin/sh\n").unwrap();
    fs::write(
        directory.path().join("server/packages"),
        "# what it is\nserver\n\n  tini \n",
    )
    .unwrap();
    directory
}

fn server(directory: &tempfile::TempDir) -> Recipe {
    Recipe::named(directory.path(), "server").unwrap()
}

#[test]
fn an_unchanged_recipe_keeps_its_tag() {
    let (one, other) = (recipes(), recipes());
    let image = server(&one).image().unwrap();
    assert_eq!(image, server(&other).image().unwrap());
    assert!(image.starts_with("observatory-test/server:"));
}

#[test]
fn whatever_changes_a_recipe_changes_its_tag() {
    let directory = recipes();
    let entrypoint = directory.path().join("server/root/bin/entrypoint");
    let mut seen = vec![server(&directory).image().unwrap()];
    let changes: [&dyn Fn(); 4] = [
        &|| fs::write(&entrypoint, "#!/bin/bash\n").unwrap(),
        &|| fs::set_permissions(&entrypoint, fs::Permissions::from_mode(0o755)).unwrap(),
        &|| fs::rename(&entrypoint, entrypoint.with_file_name("start")).unwrap(),
        &|| fs::write(directory.path().join("server/setup"), "true\n").unwrap(),
    ];
    for change in changes {
        change();
        let image = server(&directory).image().unwrap();
        assert!(!seen.contains(&image), "a change went unnoticed");
        seen.push(image);
    }
}

#[test]
fn lines_are_what_a_file_says_without_its_comments() {
    let directory = recipes();
    assert_eq!(server(&directory).lines("packages").unwrap(), ["server", "tini"]);
    assert!(server(&directory).lines("exclude").unwrap().is_empty());
}

#[test]
fn an_official_image_is_used_only_where_the_recipe_names_one() {
    let directory = recipes();
    let none = server(&directory).image_from(Source::Official);
    assert!(matches!(none, Err(ImageError::NoOfficial(name)) if name == "server"));
    fs::write(
        directory.path().join("server/official"),
        "registry/server@sha256:0\n",
    )
    .unwrap();
    let named = server(&directory).image_from(Source::Official).unwrap();
    assert_eq!(named, "registry/server@sha256:0");
}

#[test]
fn a_name_does_not_lead_out_of_the_directory() {
    let directory = recipes();
    for name in ["", ".", "..", "server/root", "absent"] {
        assert!(Recipe::named(directory.path(), name).is_err(), "{name:?}");
    }
}

#[test]
fn every_recipe_of_the_repository_can_be_read() {
    let recipes = Recipe::all(&directory()).unwrap();
    assert!(!recipes.is_empty());
    for recipe in recipes {
        recipe.image().unwrap();
        let image = recipe.lines("image").unwrap();
        assert!(
            image.iter().any(|line| line.starts_with("USER ")),
            "{} runs as root",
            recipe.name()
        );
    }
}
