# The cluster that `observatory up` makes: one node, whose ports are this machine's, on loopback only. Nobody needs a process
# that forwards ports.
{ values }:
let
  mapping = name: {
    containerPort = values.access.${name}.node;
    hostPort = values.access.${name}.host;
    listenAddress = "127.0.0.1";
    protocol = "TCP";
  };
in
{
  kind = "Cluster";
  apiVersion = "kind.x-k8s.io/v1alpha4";
  name = values.kind.cluster;
  nodes = [
    {
      role = "control-plane";
      image = values.kind.nodeImage;
      extraPortMappings = map mapping (builtins.attrNames values.access);
    }
  ];
}
