# What every workload is made of.
{ images, values }:
let
  metadata = import ./metadata.nix { inherit values; };
  network = import ./network.nix { inherit metadata values; };
  container = import ./container.nix { inherit images; };
  pod = import ./pod.nix {
    inherit
      metadata
      network
      container
      values
      ;
    service = import ./service.nix { inherit metadata values; };
  };
in
{
  inherit (metadata) object labels;
  inherit (container)
    fromSecret
    tcp
    http
    probes
    ;
  inherit (pod) deployment statefulSet;
  # Where a service is, as others in the namespace reach it.
  port = name: toString values.ports.${name};
  url = name: "http://${name}:${toString values.ports.${name}}";
  configMap = name: data: metadata.object "v1" "ConfigMap" name { inherit data; };
  toml = import ./toml.nix;
  ini = import ./ini.nix;
}
