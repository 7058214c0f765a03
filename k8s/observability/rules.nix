# Alerts, a file each: name → file of rules as Prometheus reads it.
let
  files = builtins.attrNames (builtins.readDir ./rules);
  name = file: builtins.head (builtins.split "\\.nix$" file);
  rule = file: {
    name = name file;
    value.groups = [
      {
        name = name file;
        rules = [ (import (./rules + "/${file}")) ];
      }
    ];
  };
in
builtins.listToAttrs (map rule files)
