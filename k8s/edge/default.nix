# The one way in: on one machine an nginx of our own, elsewhere the cluster's ingress.
{ lib, values }:
if values.ingress == null then
  import ./nginx.nix { inherit lib values; }
else
  import ./ingress.nix { inherit lib values; }
