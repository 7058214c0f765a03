# What every workload is made of.
{ images, values }:
let
  metadata = import ./metadata.nix { inherit values; };
  network = import ./network.nix { inherit metadata values; };
  container = import ./container.nix { inherit images; };
  pod = import ./pod.nix { inherit metadata container values; };
  service = import ./service.nix { inherit metadata values; };
in
{
  inherit (metadata) object labels selector;
  inherit (network) arrows policy;
  inherit (container)
    fromSecret
    tcp
    http
    probes
    ;
  inherit (pod)
    deployment
    statefulSet
    disruptionBudget
    serviceAccount
    ;
  inherit (service) clusterService headlessService nodePortService;
  configMap = name: data: metadata.object "v1" "ConfigMap" name { inherit data; };
  toml = import ./toml.nix;
  ini = import ./ini.nix;
  optional = condition: value: if condition then [ value ] else [ ];
}
