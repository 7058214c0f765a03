# What is for a cluster: images, the manifests that name them, and what is in them.
{
  lib,
  pkgs,
  images,
  ...
}@context:
let
  manifests = profile: import ./manifests.nix (context // { inherit profile; });
  named = lib.mapAttrs' (name: image: lib.nameValuePair "image-${name}" image) images;
in
named
// {
  # One archive for each image, by its name.
  images = pkgs.linkFarm "observatory-images" (
    lib.mapAttrsToList (name: image: {
      name = "${name}.tar.gz";
      path = image;
    }) (removeAttrs images [ "mongodb" ])
  );
  manifests = manifests "kind";
  manifests-production = manifests "production";
  kind-config = import ./kind-config.nix context;
  sbom = import ./sbom.nix context;
}
