# What every output is made from, in one place: packages, crane, and the workspace on top of them.
{ inputs, system }:
let
  inherit (inputs) nixpkgs;
  inherit (nixpkgs) lib;
  pkgs = import nixpkgs {
    inherit system;
    # MongoDB's own server, for those who accept its licence: nothing is built from it unless it is asked for.
    config.allowUnfreePredicate = package: builtins.elem (lib.getName package) [ "mongodb-ce" ];
  };
  craneLib = inputs.crane.mkLib pkgs;
  context = {
    inherit
      inputs
      lib
      pkgs
      craneLib
      system
      ;
    inherit (inputs) self;
    inherit (pkgs.stdenv.hostPlatform) isLinux;
    version = (builtins.fromTOML (builtins.readFile ../Cargo.toml)).workspace.package.version;
    # The roles: each a program, a package and an image.
    roles = [
      "gateway"
      "processor"
      "metrics-engine"
      "read-model"
      "web-ui"
    ];
    source = import ./source.nix { inherit lib craneLib; };
    workspace = import ./workspace.nix context;
    packages = import ./packages context;
    images = import ./images context;
  };
in
context
