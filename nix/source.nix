# Which files a build sees: the crates that it is made of and the skeleton of the others, so that a change elsewhere
# rebuilds nothing.
{ lib, craneLib }:
let
  root = ./..;
  manifest = path: builtins.fromTOML (builtins.readFile path);
  workspace = manifest ../Cargo.toml;

  # Name of a dependency in the workspace → its directory below crates/, if it is one of ours.
  ours = lib.mapAttrs (_: dependency: baseNameOf dependency.path) (
    lib.filterAttrs (
      _: dependency: builtins.isAttrs dependency && dependency ? path
    ) workspace.workspace.dependencies
  );

  # What is compiled into a crate. Of what only its tests need, the skeleton will do.
  dependencies =
    directory:
    let
      crate = manifest (root + "/crates/${directory}/Cargo.toml");
      names = builtins.attrNames ((crate.dependencies or { }) // (crate.build-dependencies or { }));
    in
    map (name: ours.${name}) (builtins.filter (name: ours ? ${name}) names);

  # A crate and all of ours that it needs.
  closure =
    directories:
    map (item: item.key) (
      builtins.genericClosure {
        startSet = map (key: { inherit key; }) directories;
        operator = item: map (key: { inherit key; }) (dependencies item.key);
      }
    );

  # What crates have beside Rust: migrations, schemas, the page, scripts, fixtures and snapshots of tests.
  whole =
    directory: lib.fileset.fileFilter (file: !(file.hasExt "nix")) (root + "/crates/${directory}");

  members = lib.concatMap (
    parent:
    builtins.filter (member: builtins.pathExists (member + "/Cargo.toml")) (
      map (name: parent + "/${name}") (builtins.attrNames (builtins.readDir parent))
    )
  ) [ ../crates ../tests ];

  # Of a member its manifest and the roots that Cargo looks for when it reads that: `--locked` takes the lock only of a
  # workspace that is whole, and a member has to have something to build. Nothing of it is compiled unless it is needed.
  skeleton =
    member:
    let
      crate = manifest (member + "/Cargo.toml");
      ofTest = test: [
        "tests/${test.name}.rs"
        "tests/${test.name}/main.rs"
      ];
      roots = [
        "src/lib.rs"
        "src/main.rs"
      ]
      ++ lib.concatMap ofTest (crate.test or [ ]);
      existing = map (path: lib.fileset.maybeMissing (member + "/${path}")) roots;
    in
    lib.fileset.unions ([ (member + "/Cargo.toml") ] ++ existing);

  base = lib.fileset.unions (
    [
      ../Cargo.toml
      ../Cargo.lock
      ../.cargo
    ]
    ++ map skeleton members
  );
  toSource = fileset: lib.fileset.toSource { inherit root fileset; };
in
{
  # The crates of a build, by their directories.
  crates = directories: toSource (lib.fileset.unions ([ base ] ++ map whole (closure directories)));

  # Manifests and lock alone: what dependencies are built from.
  dependencies = toSource (craneLib.fileset.cargoTomlAndLock root);

  # Everything that tests look at.
  all = toSource (
    lib.fileset.unions [
      base
      ../crates
      ../docs
      ../k8s
      ../README.md
      ../tests
      ../clippy.toml
      ../deny.toml
      ../rustfmt.toml
    ]
  );

  # Every file of Nix, and what they read.
  nix = toSource (
    lib.fileset.unions [
      (lib.fileset.fileFilter (file: file.hasExt "nix") root)
      ../Cargo.toml
      ../k8s
    ]
  );
}
