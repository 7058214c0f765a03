# A NixOS test for each file of tests/vm, found by listing it.
{
  lib,
  pkgs,
  ...
}@context:
let
  files = lib.filterAttrs (name: type: type == "regular" && lib.hasSuffix ".nix" name) (
    builtins.readDir ../../tests/vm
  );
  machine =
    file:
    lib.nameValuePair "vm-${lib.removeSuffix ".nix" file}" (
      pkgs.testers.runNixOSTest (import (../../tests/vm + "/${file}") context)
    );
in
lib.listToAttrs (map machine (builtins.attrNames files))
