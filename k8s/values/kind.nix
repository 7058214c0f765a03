# One machine, everything on it: one pod of each workload, 4 GB of memory in all.
let
  base = import ./base.nix;
  inherit (base) arrow ports;
  pod = memory: {
    replicas = 1;
    resources = {
      cpu = "25m";
      cpuLimit = "2";
      inherit memory;
    };
  };
  reached = host: node: { inherit host node; };
  keeping = memory: storage: pod memory // { inherit storage; };
in
base
// {
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

  # The services of the design, each an arrow; access points let the machine's owner in.
  arrows =
    base.working
    ++ base.watching
    ++ [
      (arrow "gateway" "postgres" [ ports.postgres ])
      (arrow "gateway" "ferretdb" [ ports.mongodb ])
      (arrow "processor" "postgres" [ ports.postgres ])
      (arrow "metrics-engine" "postgres" [ ports.postgres ])
      (arrow "metrics-engine" "redis" [ ports.redis ])
      (arrow "metrics-engine" "ferretdb" [ ports.mongodb ])
      (arrow "read-model" "postgres" [ ports.postgres ])
      (arrow "read-model" "redis" [ ports.redis ])
      (arrow "read-model" "ferretdb" [ ports.mongodb ])
      (arrow "edge" "gateway" [ ports.gateway ])
      (arrow "edge" "read-model" [ ports.read-model ])
      (arrow "edge" "web-ui" [ ports.web-ui ])
      (arrow "edge" "rabbitmq" [ ports.rabbitmq-management ])
      (arrow "edge" "prometheus" [ ports.prometheus ])
      (arrow "edge" "alertmanager" [ ports.alertmanager ])
      (arrow "edge" "grafana" [ ports.grafana ])
      (arrow "outside" "gateway" [ ports.gateway ])
      (arrow "outside" "read-model" [ ports.read-model ])
      (arrow "outside" "web-ui" [ ports.web-ui ])
      (arrow "outside" "processor" [ ports.processor ])
      (arrow "outside" "rabbitmq" [ ports.rabbitmq-management ])
      (arrow "outside" "prometheus" [ ports.prometheus ])
      (arrow "outside" "alertmanager" [ ports.alertmanager ])
      (arrow "outside" "grafana" [ ports.grafana ])
      (arrow "outside" "edge" [ ports.edge ])
    ];
  outside = [ { ipBlock.cidr = "0.0.0.0/0"; } ];

  # Servers that the cluster has itself.
  own = {
    rabbitmqNodes = 1;
    databases = true;
  };

  # Access point → port of this machine, and the port of the node that it leads to.
  access = {
    gateway = reached 3000 30300;
    read-model = reached 8080 30808;
    web-ui = reached 8081 30881;
    processor = reached 8000 30800;
    rabbitmq = reached 15672 30156;
    prometheus = reached 9090 30909;
    alertmanager = reached 9093 30993;
    grafana = reached 3002 30302;
    edge = reached 8088 30888;
  };

  kind = {
    cluster = "observatory";
    # The node of kind 0.31.0; a node image belongs to the kind that it was made for.
    nodeImage = "kindest/node:v1.35.0@sha256:452d707d4862f52530247495d180205e029056831160e22870e37e3f6c1ac31f";
  };
  ingress = null;
  keda = false;
}
