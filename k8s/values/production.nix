# Several machines: every role more than once, a broker of three nodes, databases that others run and Secrets name.
# What must be changed for a cluster of one's own is here: hosts, the class of the ingress, storage.
let
  base = import ./base.nix;
  inherit (base) arrow;
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
  name = "production";
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
      (database "gateway" 5432)
      (database "gateway" 27017)
      (database "processor" 5432)
      (database "metrics-engine" 5432)
      (database "metrics-engine" 6379)
      (database "metrics-engine" 27017)
      (database "read-model" 5432)
      (database "read-model" 6379)
      (database "read-model" 27017)
      (arrow "rabbitmq" "rabbitmq" [
        4369
        25672
      ])
      (arrow "scaler" "prometheus" [ 9090 ])
      (arrow "outside" "gateway" [ 3000 ])
      (arrow "outside" "read-model" [ 8080 ])
      (arrow "outside" "web-ui" [ 8081 ])
      (arrow "outside" "grafana" [ 3000 ])
    ];
  # The ingress controller's namespace.
  outside = [ { namespaceSelector.matchLabels."kubernetes.io/metadata.name" = "ingress"; } ];

  own = {
    rabbitmqNodes = 3;
    databases = false;
  };
  nodePorts = { };
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
