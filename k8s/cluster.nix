# What `observatory up` has to know of the cluster beside its manifests: which Secrets to make, what to wait for in which
# order, and what answers where.
{
  files,
  images,
  values,
}:
let
  objects = builtins.concatLists (builtins.attrValues files);
  isWorkload =
    object:
    builtins.elem object.kind [
      "Deployment"
      "StatefulSet"
    ];
  workloads = builtins.filter isWorkload objects;

  # Servers first, then roles, then who looks at them.
  tiers = {
    rabbitmq = 1;
    postgres = 1;
    redis = 1;
    ferretdb = 1;
    prometheus = 3;
    alertmanager = 3;
    grafana = 3;
    edge = 3;
  };
  waited = object: {
    inherit (object) kind;
    inherit (object.metadata) name;
    tier = tiers.${object.metadata.name} or 2;
  };

  secrets = [
    {
      name = values.secrets.bus;
      fixed.username = "observatory";
      random = {
        password = 32;
        erlang-cookie = 32;
      };
      derived.url = "amqp://observatory:\${password}@rabbitmq:5672";
    }
    {
      name = values.secrets.jobStore;
      random.password = 32;
      derived.url = "postgres://observatory:\${password}@postgres:5432/observatory";
    }
    {
      name = values.secrets.liveStats;
      random.password = 32;
      derived.url = "redis://:\${password}@redis:6379";
    }
    {
      name = values.secrets.eventLog;
      fixed.url = "mongodb://ferretdb:27017/observatory";
    }
    {
      name = values.secrets.grafana;
      random = {
        admin-password = 24;
        secret-key = 32;
      };
    }
  ];

  point = name: port: probe: {
    inherit name;
    url = "http://localhost:${toString port}";
    probe = "http://localhost:${toString port}${probe}";
  };
  hostPorts = values.kind.hostPorts;
  accessPoints = [
    (point "web page" hostPorts.web-ui "/healthz")
    (point "gateway: submit jobs" hostPorts.gateway "/readyz")
    (point "read model: ask questions" hostPorts.read-model "/readyz")
    (point "metrics of the processor" hostPorts.processor "/metrics")
    (point "RabbitMQ" hostPorts.rabbitmq "/")
    (point "Prometheus" hostPorts.prometheus "/-/ready")
    (point "Alertmanager" hostPorts.alertmanager "/-/ready")
    (point "Grafana" hostPorts.grafana "/api/health")
    (point "everything by host" hostPorts.edge "/healthz")
  ];
in
{
  inherit (values) namespace;
  workloads = map waited workloads;
  images = map (object: images.${object.metadata.name}) workloads;
}
// (
  if values.kind == null then
    { }
  else
    {
      inherit (values.kind) cluster nodeImage;
      inherit secrets accessPoints;
    }
)
