# Several machines: every role more than once, a broker of three nodes, databases that others run and Secrets name.
# What must be changed for a cluster of one's own is here: hosts, the class of the ingress, storage.
let
  base = import ./base.nix;
  inherit (base) arrow ports;
  pod = replicas: cpu: memory: {
    inherit replicas;
    resources = {
      inherit cpu memory;
      cpuLimit = "4";
    };
  };
  keeping =
    replicas: cpu: memory: storage:
    pod replicas cpu memory // { inherit storage; };
  scaled =
    workload: most:
    workload
    // {
      autoscale = {
        least = workload.replicas;
        inherit most;
      };
    };
  database = from: port: arrow from "external" [ port ];
in
base
// {
  drain = 25;
  workloads = {
    gateway = scaled (pod 3 "500m" "512Mi") 12;
    processor = scaled (pod 3 "500m" "512Mi") 24;
    metrics-engine = pod 2 "500m" "256Mi";
    read-model = scaled (pod 2 "250m" "256Mi") 8;
    web-ui = pod 2 "50m" "64Mi";
    rabbitmq = keeping 3 "1" "4Gi" "50Gi";
    prometheus = keeping 1 "500m" "2Gi" "50Gi";
    alertmanager = keeping 1 "50m" "128Mi" "1Gi";
    grafana = keeping 1 "100m" "512Mi" "5Gi";
  };
  maxBodiesBytes = 256 * 1024 * 1024;
  brokerMemory = "2500MB";

  arrows =
    base.working
    ++ base.watching
    ++ [
      (database "gateway" ports.postgres)
      (database "gateway" ports.mongodb)
      (database "processor" ports.postgres)
      (database "metrics-engine" ports.postgres)
      (database "metrics-engine" ports.redis)
      (database "metrics-engine" ports.mongodb)
      (database "read-model" ports.postgres)
      (database "read-model" ports.redis)
      (database "read-model" ports.mongodb)
      (arrow "rabbitmq" "rabbitmq" [
        ports.rabbitmq-names
        ports.rabbitmq-members
      ])
      (arrow "scaler" "prometheus" [ ports.prometheus ])
      (arrow "outside" "gateway" [ ports.gateway ])
      (arrow "outside" "read-model" [ ports.read-model ])
      (arrow "outside" "web-ui" [ ports.web-ui ])
      (arrow "outside" "grafana" [ ports.grafana ])
    ];
  # The ingress controller's namespace.
  outside = [ { namespaceSelector.matchLabels."kubernetes.io/metadata.name" = "ingress"; } ];

  own = {
    rabbitmqNodes = 3;
    databases = false;
  };
  access = { };
  kind = null;

  ingress = {
    className = "traefik";
    tlsSecret = "observatory-tls";
    hosts = {
      web-ui = "observatory.example.com";
      gateway = "api.observatory.example.com";
      read-model = "read.observatory.example.com";
      grafana = "grafana.observatory.example.com";
    };
  };
  keda = true;
}
