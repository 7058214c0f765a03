# What `cargo xtask test` begins with, on dependencies that are built already.
{
  craneLib,
  workspace,
  source,
  ...
}:
let
  common = workspace.common // {
    src = source.all;
    inherit (workspace) cargoArtifacts;
  };
in
{
  clippy = craneLib.cargoClippy (
    common // { cargoClippyExtraArgs = "--workspace --all-targets --all-features -- --deny warnings"; }
  );
  documentation = craneLib.cargoDoc (
    common
    // {
      cargoDocExtraArgs = "--workspace --no-deps --document-private-items";
      env = (common.env or { }) // {
        RUSTDOCFLAGS = "--deny warnings";
      };
    }
  );
  tests = craneLib.cargoTest (
    common
    // {
      cargoExtraArgs = "--locked --workspace";
      doCheck = true;
    }
  );
  format = craneLib.cargoFmt {
    inherit (common) pname version src;
  };
  # Licences, sources and duplicates; advisories need the network and are CI's.
  deny = craneLib.cargoDeny {
    inherit (common) pname version src;
  };
}
