# How Rust is built: dependencies first, and every program from them, linked statically on Linux.
{
  lib,
  pkgs,
  craneLib,
  source,
  version,
  isLinux,
  ...
}:
let
  target = pkgs.stdenv.hostPlatform.rust.rustcTarget;
  variable = lib.toUpper (builtins.replaceStrings [ "-" ] [ "_" ] target);

  static = lib.optionalAttrs isLinux {
    # For the target alone: programs that run while building are linked as ever.
    env = {
      CARGO_BUILD_TARGET = target;
      "CARGO_TARGET_${variable}_RUSTFLAGS" = "-C target-feature=+crt-static";
      CARGO_PROFILE = "dist";
    };
    buildInputs = [ pkgs.glibc.static ];
  };

  common = {
    inherit version;
    pname = "task-observatory";
    strictDeps = true;
    doCheck = false;
  }
  // (if isLinux then static else { env.CARGO_PROFILE = "dist"; });

  # What the whole workspace needs, for checks.
  cargoArtifacts = craneLib.buildDepsOnly (
    common
    // {
      src = source.dependencies;
      cargoExtraArgs = "--locked --workspace";
    }
  );

  # What a crate's programs need. Cargo chooses the features of dependencies by the packages that it is to build, so those
  # of another selection would be compiled once more.
  dependencies =
    package:
    craneLib.buildDepsOnly (
      common
      // {
        pname = package;
        src = source.dependencies;
        cargoExtraArgs = "--locked -p ${package}";
        # Nobody checks with these.
        cargoCheckCommand = ":";
      }
    );

  # A crate's programs.
  build =
    {
      pname,
      package,
      directories,
      ...
    }@arguments:
    craneLib.buildPackage (
      common
      // {
        inherit pname;
        cargoArtifacts = dependencies package;
        src = source.crates directories;
        cargoExtraArgs = "--locked -p ${package}";
      }
      // builtins.removeAttrs arguments [
        "package"
        "directories"
      ]
    );
in
{
  inherit common cargoArtifacts build;
}
