# The same as text: what is committed under rendered/ and what the flake puts into files.
{
  profile ? "kind",
  images ? import ./images.nix,
  values ? import (./values + "/${profile}.nix"),
}:
let
  yaml = import ./lib/yaml.nix;
  cluster = import ./. { inherit profile images values; };
in
{
  files = builtins.mapAttrs (_: yaml.documents) cluster.files // {
    "cluster.json" = builtins.toJSON cluster.cluster + "\n";
  };
  kindConfig = if cluster.kindConfig == null then null else yaml.document cluster.kindConfig;
}
