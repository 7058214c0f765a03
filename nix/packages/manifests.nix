# The manifests of a profile as files. Images are named by what is in them, so that a changed one rolls out.
{
  lib,
  pkgs,
  images,
  profile,
  ...
}:
let
  tags = lib.mapAttrs (_: image: "${image.imageName}:${image.imageTag}") images;
  rendered = import ../../k8s/render.nix {
    inherit profile;
    images = tags;
  };
in
pkgs.linkFarm "observatory-manifests-${profile}" (
  lib.mapAttrsToList (name: text: {
    inherit name;
    path = pkgs.writeText name text;
  }) rendered.files
)
