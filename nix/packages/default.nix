# The packages: programs, images, manifests.
{
  lib,
  isLinux,
  ...
}@context:
let
  programs = import ./programs.nix context;
  linux = import ./linux.nix context;
in
programs // lib.optionalAttrs isLinux linux
