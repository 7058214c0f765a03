# The cluster as a function: values and names of images in, Kubernetes objects out. Needs nothing but Nix itself, so that
# any Nix, however old, shows what will be applied.
{
  profile ? "kind",
  images ? import ./images.nix,
  values ? import (./values + "/${profile}.nix"),
}:
let
  lib = import ./lib {
    inherit images values;
  };
  parts = [
    ./namespace.nix
    ./infrastructure
    ./services
    ./observability
    ./edge
  ];
  files = builtins.foldl' (all: part: all // import part { inherit lib values; }) { } parts;
in
{
  # File name → objects; the names sort in the order of application.
  inherit files;
  kindConfig = if values.kind == null then null else import ./kind.nix { inherit values; };
  cluster = import ./cluster.nix { inherit files images values; };
}
