# `nix flake check`: a file for each group of checks, and a machine for each file of tests/vm.
{
  lib,
  isLinux,
  ...
}@context:
let
  part = path: import path context;
in
part ./rust.nix
// part ./nix.nix
// lib.optionalAttrs isLinux (part ./cluster.nix // part ./machines.nix)
