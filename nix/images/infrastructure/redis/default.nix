{
  pkgs,
  image,
  script,
  ...
}:
image {
  name = "redis";
  description = "The server of live numbers (Valkey)";
  licenses = "BSD-3-Clause";
  entrypoint = [
    (script "redis" [
      pkgs.coreutils
      pkgs.valkey
    ])
  ];
  ports = [ 6379 ];
  contents = [
    pkgs.valkey
    # What probes and people call it.
    (pkgs.runCommand "redis-cli" { }
      "mkdir -p $out/bin; ln -s ${pkgs.valkey}/bin/valkey-cli $out/bin/redis-cli"
    )
  ];
}
