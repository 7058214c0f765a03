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

  port = name: toString values.ports.${name};
  secrets = [
    {
      name = values.secrets.bus;
      fixed.username = "observatory";
      random = {
        password = 32;
        erlang-cookie = 32;
      };
      derived.url = "amqp://observatory:\${password}@rabbitmq:${port "rabbitmq"}";
    }
    {
      name = values.secrets.jobStore;
      random.password = 32;
      derived.url = "postgres://observatory:\${password}@postgres:${port "postgres"}/observatory";
    }
    {
      name = values.secrets.liveStats;
      random.password = 32;
      derived.url = "redis://:\${password}@redis:${port "redis"}";
    }
    {
      name = values.secrets.eventLog;
      fixed.url = "mongodb://ferretdb:${port "mongodb"}/observatory";
    }
    {
      name = values.secrets.grafana;
      random = {
        admin-password = 24;
        secret-key = 32;
      };
    }
  ];

  point =
    name: access: probe:
    let
      url = "http://localhost:${toString access.host}";
    in
    {
      inherit name url;
      probe = "${url}${probe}";
    };
  accessPoints = [
    (point "web page" values.access.web-ui "/healthz")
    (point "gateway: submit jobs" values.access.gateway "/readyz")
    (point "read model: ask questions" values.access.read-model "/readyz")
    (point "metrics of the processor" values.access.processor "/metrics")
    (point "RabbitMQ" values.access.rabbitmq "/")
    (point "Prometheus" values.access.prometheus "/-/ready")
    (point "Alertmanager" values.access.alertmanager "/-/ready")
    (point "Grafana" values.access.grafana "/api/health")
    (point "everything by host" values.access.edge "/healthz")
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
