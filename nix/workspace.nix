# How Rust is built: dependencies once, and every program from them, linked statically on Linux.
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

  # With everything that the workspace needs, tests included, so that checks have it too.
  cargoArtifacts = craneLib.buildDepsOnly (common // { src = source.dependencies; });

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
        inherit pname cargoArtifacts;
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
