# `nix fmt`: every file of Nix, in the official style.
{ pkgs, ... }:
pkgs.writeShellApplication {
  name = "format-nix";
  runtimeInputs = [
    pkgs.findutils
    pkgs.nixfmt
  ];
  text = ''
    if [ $# -eq 0 ]; then set -- flake.nix nix k8s tests/vm; fi
    find "$@" -name '*.nix' -print0 | xargs --null nixfmt
  '';
}
