# The roles.
{ lib, values }:
let
  config = import ./config.nix { inherit lib values; };
  role = import ./role.nix { inherit lib values config; };
  part = path: import path { inherit lib values role; };
in
{
  "20-config.yaml" = [ config.object ];
}
// part ./gateway.nix
// part ./processor.nix
// part ./metrics-engine.nix
// part ./read-model.nix
// part ./web-ui.nix
