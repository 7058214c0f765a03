# What both profiles share. Memory is requested as it is limited: what a pod was promised, nobody else takes from it.
let
  # Who may open connections to whom, on which ports; all where there are none.
  arrow = from: to: ports: { inherit from to ports; };
in
{
  inherit arrow;

  namespace = "observatory";
  storageClass = null;
  # Seconds that running jobs and requests get after the first signal, and that the roles need beyond that at most
  # (docs/configuration.md, Stopping).
  drain = 5;
  stop = 10;
  retention = "7d";

  # Names of Secrets; `observatory up` makes those that are missing, elsewhere they are there before.
  secrets = {
    bus = "rabbitmq";
    jobStore = "postgres";
    liveStats = "redis";
    eventLog = "mongodb";
    grafana = "grafana";
  };

  # Addresses that `http` jobs may not call.
  internetExcept = [
    "10.0.0.0/8"
    "172.16.0.0/12"
    "192.168.0.0/16"
    "169.254.0.0/16"
  ];

  # Watchers scrape every service, and watch each other.
  watching = [
    (arrow "prometheus" "gateway" [ 3000 ])
    (arrow "prometheus" "processor" [ 8000 ])
    (arrow "prometheus" "metrics-engine" [ 8002 ])
    (arrow "prometheus" "read-model" [ 8080 ])
    (arrow "prometheus" "web-ui" [ 8081 ])
    (arrow "prometheus" "rabbitmq" [ 15692 ])
    (arrow "prometheus" "alertmanager" [ 9093 ])
    (arrow "grafana" "prometheus" [ 9090 ])
    (arrow "gateway" "prometheus" [ 9090 ])
    (arrow "gateway" "alertmanager" [ 9093 ])
    (arrow "read-model" "alertmanager" [ 9093 ])
  ];

  # Every role uses the bus; the page goes to gateway and read model alone; jobs go to the internet.
  working = [
    (arrow "gateway" "rabbitmq" [ 5672 ])
    (arrow "processor" "rabbitmq" [ 5672 ])
    (arrow "metrics-engine" "rabbitmq" [ 5672 ])
    (arrow "read-model" "rabbitmq" [ 5672 ])
    (arrow "web-ui" "gateway" [ 3000 ])
    (arrow "web-ui" "read-model" [ 8080 ])
    (arrow "processor" "internet" [ ])
  ];
}
