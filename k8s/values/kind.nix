# One machine, everything on it: one pod of each workload, 4 GB of memory in all.
let
  base = import ./base.nix;
  inherit (base) arrow;
  pod = memory: {
    replicas = 1;
    resources = {
      cpu = "25m";
      cpuLimit = "2";
      inherit memory;
    };
  };
  keeping = memory: storage: pod memory // { inherit storage; };
in
base
// {
  name = "kind";
  workloads = {
    gateway = pod "256Mi";
    processor = pod "256Mi";
    metrics-engine = pod "192Mi";
    read-model = pod "192Mi";
    web-ui = pod "64Mi";
    rabbitmq = keeping "704Mi" "4Gi";
    postgres = keeping "512Mi" "8Gi";
    redis = keeping "128Mi" "1Gi";
    ferretdb = keeping "384Mi" "8Gi";
    prometheus = keeping "384Mi" "4Gi";
    alertmanager = keeping "96Mi" "1Gi";
    grafana = keeping "384Mi" "1Gi";
    edge = pod "64Mi";
  };

  # Bodies that are read at once, in bytes, and rows in the database's memory: as the pods' memory has room for.
  maxBodiesBytes = 64 * 1024 * 1024;
  brokerMemory = "400MB";
  retention = "1d";

  # The services of the design, each an arrow; the node's ports let the machine's owner in.
  arrows =
    base.working
    ++ base.watching
    ++ [
      (arrow "gateway" "postgres" [ 5432 ])
      (arrow "gateway" "ferretdb" [ 27017 ])
      (arrow "processor" "postgres" [ 5432 ])
      (arrow "metrics-engine" "postgres" [ 5432 ])
      (arrow "metrics-engine" "redis" [ 6379 ])
      (arrow "metrics-engine" "ferretdb" [ 27017 ])
      (arrow "read-model" "postgres" [ 5432 ])
      (arrow "read-model" "redis" [ 6379 ])
      (arrow "read-model" "ferretdb" [ 27017 ])
      (arrow "edge" "gateway" [ 3000 ])
      (arrow "edge" "read-model" [ 8080 ])
      (arrow "edge" "web-ui" [ 8081 ])
      (arrow "edge" "rabbitmq" [ 15672 ])
      (arrow "edge" "prometheus" [ 9090 ])
      (arrow "edge" "alertmanager" [ 9093 ])
      (arrow "edge" "grafana" [ 3000 ])
      (arrow "outside" "gateway" [ 3000 ])
      (arrow "outside" "read-model" [ 8080 ])
      (arrow "outside" "web-ui" [ 8081 ])
      (arrow "outside" "processor" [ 8000 ])
      (arrow "outside" "rabbitmq" [ 15672 ])
      (arrow "outside" "prometheus" [ 9090 ])
      (arrow "outside" "alertmanager" [ 9093 ])
      (arrow "outside" "grafana" [ 3000 ])
      (arrow "outside" "edge" [ 8080 ])
    ];
  outside = [ { ipBlock.cidr = "0.0.0.0/0"; } ];

  # Servers that the cluster has itself.
  own = {
    rabbitmqNodes = 1;
    databases = true;
  };

  # Access point → port of every node; the host's port is in `kind`.
  nodePorts = {
    gateway = 30300;
    read-model = 30808;
    web-ui = 30881;
    processor = 30800;
    rabbitmq = 30156;
    prometheus = 30909;
    alertmanager = 30993;
    grafana = 30302;
    edge = 30888;
  };

  kind = {
    cluster = "observatory";
    # The node of kind 0.31.0; a node image belongs to the kind that it was made for.
    nodeImage = "kindest/node:v1.35.0@sha256:452d707d4862f52530247495d180205e029056831160e22870e37e3f6c1ac31f";
    hostPorts = {
      gateway = 3000;
      read-model = 8080;
      web-ui = 8081;
      processor = 8000;
      rabbitmq = 15672;
      prometheus = 9090;
      alertmanager = 9093;
      grafana = 3002;
      edge = 8088;
    };
  };
  ingress = null;
  keda = false;
}
