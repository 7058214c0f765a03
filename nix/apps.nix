# `nix run .#NAME`. All of them are the one command, told where this flake's files are.
{
  lib,
  pkgs,
  packages,
  images,
  roles,
  isLinux,
  ...
}:
let
  inherit (packages) observatory;
  app = description: program: {
    type = "app";
    inherit program;
    meta = { inherit description; };
  };
  script =
    name: description: runtimeInputs: text:
    app description (
      lib.getExe (
        pkgs.writeShellApplication {
          inherit name runtimeInputs text;
        }
      )
    );
  tools = [
    observatory
    pkgs.docker-client
    pkgs.kind
    pkgs.kubectl
  ];
  # The gate knows our images by one tag.
  retag =
    name:
    let
      image = images.${name};
    in
    ''
      docker load --quiet --input ${image}
      docker tag ${image.imageName}:${image.imageTag} observatory/${name}:nix
    '';
  embedded = app "The whole observatory in one process" (lib.getExe observatory);

  cluster = {
    up = script "up" "The whole observatory on a kind cluster" tools ''
      exec observatory up --target kind --images ${packages.images} --manifests ${packages.manifests} \
        --kind-config ${packages.kind-config} "$@"
    '';
    down = script "down" "Delete the kind cluster" tools ''
      exec observatory down --manifests ${packages.manifests} "$@"
    '';
    status = script "status" "What runs on the kind cluster" tools ''
      exec observatory status --manifests ${packages.manifests} "$@"
    '';
    gate =
      script "gate" "The gate in containers, on this flake's images"
        (
          tools
          ++ [
            pkgs.cargo
            pkgs.rustc
            pkgs.stdenv.cc
          ]
        )
        ''
          ${lib.concatMapStringsSep "\n" retag roles}
          OBSERVATORY_GATE_TAG=nix exec cargo xtask test --stage gate
        '';
  };
in
{
  default = embedded;
  dev = embedded;
}
// lib.optionalAttrs isLinux cluster
