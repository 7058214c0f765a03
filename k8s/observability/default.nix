# Who watches, and who shows it.
{ lib, values }:
let
  part = path: import path { inherit lib values; };
in
part ./prometheus.nix // part ./alertmanager.nix // part ./grafana.nix
