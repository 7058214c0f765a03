# Services of a workload: one address for all pods, the pods themselves by name, and access points.
{ metadata, values }:
let
  port = port: {
    inherit (port) name port;
    protocol = "TCP";
    targetPort = port.name;
  };
  exposed = port': port port' // { nodePort = values.access.${port'.access}.node; };
  service =
    workload: name: spec:
    metadata.object "v1" "Service" name {
      spec = spec // {
        selector = metadata.selector workload.name;
      };
    };
in
workload:
let
  # Ports of every node; none where the values have no access point of that name.
  accessible = builtins.filter (port: port ? access && values.access ? ${port.access}) workload.ports;
in
[
  (service workload workload.name { ports = map port workload.ports; })
  # Whether pods are ready or not: for discovery, and for members of a cluster that look for each other.
  (service workload "${workload.name}-pods" {
    clusterIP = "None";
    publishNotReadyAddresses = true;
    ports = map port workload.ports;
  })
]
++ (
  if accessible == [ ] then
    [ ]
  else
    [
      (service workload "${workload.name}-access" {
        type = "NodePort";
        ports = map exposed accessible;
      })
    ]
)
