# `nix develop`: everything that a contributor needs; `nix develop -c cargo xtask test` is what CI runs.
{
  lib,
  pkgs,
  isLinux,
  ...
}:
let
  everywhere = [
    pkgs.cargo
    pkgs.clippy
    pkgs.rustc
    pkgs.rustfmt
    pkgs.rust-analyzer
    pkgs.cargo-deny
    pkgs.deadnix
    pkgs.nixfmt
    pkgs.shellcheck
    pkgs.kubectl
    pkgs.kind
  ];
  linux = [
    # Servers of tests come from Debian's packages and the Go module proxy.
    pkgs.docker-client
    pkgs.go
    pkgs.kubeconform
    pkgs.kube-linter
    pkgs.mmdebstrap
    pkgs.prometheus.cli
    pkgs.prometheus-alertmanager
  ];
in
{
  default = pkgs.mkShell {
    packages = everywhere ++ lib.optionals isLinux linux;
    # A debugger and go-to-definition find the standard library's sources.
    env.RUST_SRC_PATH = "${pkgs.rustPlatform.rustLibSrc}";
  };
}
