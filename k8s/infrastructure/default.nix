# The servers that the roles need: the broker always, databases where others do not run them.
{ lib, values }:
let
  part = path: import path { inherit lib values; };
  databases = part ./postgres.nix // part ./redis.nix // part ./ferretdb.nix;
in
part ./rabbitmq.nix // (if values.own.databases then databases else { })
