# Services: one address for all pods of a workload, or the pods themselves by name.
{ metadata, values }:
let
  port = port: {
    inherit (port) name port;
    protocol = "TCP";
    targetPort = port.name;
  };
  exposed = port': port port' // { nodePort = values.nodePorts.${port'.access}; };
in
{
  clusterService =
    name: ports:
    metadata.object "v1" "Service" name {
      spec = {
        selector = metadata.selector name;
        ports = map port ports;
      };
    };

  # The pods by name, whether they are ready or not: for discovery, and for members of a cluster that look for each other.
  headlessService =
    name: ports:
    metadata.object "v1" "Service" "${name}-pods" {
      spec = {
        clusterIP = "None";
        publishNotReadyAddresses = true;
        selector = metadata.selector name;
        ports = map port ports;
      };
    };

  # Ports that have an access point, on every node; nothing where the values have no node ports.
  nodePortService =
    name: ports:
    let
      accessible = builtins.filter (port: port ? access && values.nodePorts ? ${port.access}) ports;
    in
    if accessible == [ ] then
      [ ]
    else
      [
        (metadata.object "v1" "Service" "${name}-access" {
          spec = {
            type = "NodePort";
            selector = metadata.selector name;
            ports = map exposed accessible;
          };
        })
      ];
}
