# What both profiles share. Memory is requested as it is limited: what a pod was promised, nobody else takes from it.
let
  # Who may open connections to whom, on which ports; all where there are none.
  arrow = from: to: ports: { inherit from to ports; };

  # Where each listens. Nothing else says a number: objects, arrows, rules of discovery and URLs are made from these.
  ports = {
    gateway = 3000;
    processor = 8000;
    metrics-engine = 8002;
    read-model = 8080;
    web-ui = 8081;
    rabbitmq = 5672;
    rabbitmq-management = 15672;
    rabbitmq-metrics = 15692;
    # Members of a broker's cluster: where they ask for each other, and where they talk.
    rabbitmq-names = 4369;
    rabbitmq-members = 25672;
    postgres = 5432;
    redis = 6379;
    mongodb = 27017;
    prometheus = 9090;
    alertmanager = 9093;
    grafana = 3000;
    edge = 8080;
  };
in
{
  inherit arrow ports;

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
    (arrow "prometheus" "gateway" [ ports.gateway ])
    (arrow "prometheus" "processor" [ ports.processor ])
    (arrow "prometheus" "metrics-engine" [ ports.metrics-engine ])
    (arrow "prometheus" "read-model" [ ports.read-model ])
    (arrow "prometheus" "web-ui" [ ports.web-ui ])
    (arrow "prometheus" "rabbitmq" [ ports.rabbitmq-metrics ])
    (arrow "prometheus" "alertmanager" [ ports.alertmanager ])
    (arrow "grafana" "prometheus" [ ports.prometheus ])
    (arrow "gateway" "prometheus" [ ports.prometheus ])
    (arrow "gateway" "alertmanager" [ ports.alertmanager ])
    (arrow "read-model" "alertmanager" [ ports.alertmanager ])
  ];

  # Every role uses the bus; the page goes to gateway and read model alone; jobs go to the internet.
  working = [
    (arrow "gateway" "rabbitmq" [ ports.rabbitmq ])
    (arrow "processor" "rabbitmq" [ ports.rabbitmq ])
    (arrow "metrics-engine" "rabbitmq" [ ports.rabbitmq ])
    (arrow "read-model" "rabbitmq" [ ports.rabbitmq ])
    (arrow "web-ui" "gateway" [ ports.gateway ])
    (arrow "web-ui" "read-model" [ ports.read-model ])
    (arrow "processor" "internet" [ ])
  ];
}
