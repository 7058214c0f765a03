# The servers, from nixpkgs, so that a cluster pulls nothing. None of them has the entrypoint of an official image: what
# each needs to set itself up once, as nobody in particular and on a root that is read-only, is beside it.
{
  lib,
  pkgs,
  ...
}@context:
let
  # A script that sets up and becomes the server. Its tools are named by their paths.
  script =
    name: runtimeInputs:
    lib.getExe (
      pkgs.writeShellApplication {
        name = "observatory-${name}";
        inherit runtimeInputs;
        text = builtins.readFile (./. + "/${name}/entrypoint.sh");
      }
    );
  names = [
    "rabbitmq"
    "postgres"
    "redis"
    "ferretdb"
    "mongodb"
    "prometheus"
    "alertmanager"
    "grafana"
    "edge"
  ];
  part = name: import (./. + "/${name}") (context // { inherit script; });
in
lib.genAttrs names part
