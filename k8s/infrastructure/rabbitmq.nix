# The broker. Members of a cluster find each other by a list of names: they need no access to Kubernetes for that.
{ lib, values }:
let
  clustered = values.own.rabbitmqNodes > 1;
  domain = "rabbitmq-pods.${values.namespace}.svc.cluster.local";
  member =
    index:
    "cluster_formation.classic_config.nodes.${toString (index + 1)} = rabbit@rabbitmq-${toString index}.${domain}";
  formation = ''
    cluster_formation.peer_discovery_backend = classic_config
    ${builtins.concatStringsSep "\n" (builtins.genList member values.own.rabbitmqNodes)}
    cluster_partition_handling = pause_minority
  '';
  ports = [
    {
      name = "amqp";
      port = values.ports.rabbitmq;
    }
    {
      name = "management";
      port = values.ports.rabbitmq-management;
      access = "rabbitmq";
    }
    {
      name = "metrics";
      port = values.ports.rabbitmq-metrics;
    }
  ];
in
{
  "10-rabbitmq.yaml" = lib.statefulSet {
    name = "rabbitmq";
    inherit ports;
    data = "/var/lib/rabbitmq";
    grace = 60;
    env = [
      (lib.fromSecret "RABBITMQ_DEFAULT_USER" values.secrets.bus "username")
      (lib.fromSecret "RABBITMQ_DEFAULT_PASS" values.secrets.bus "password")
      (lib.fromSecret "RABBITMQ_ERLANG_COOKIE" values.secrets.bus "erlang-cookie")
      {
        name = "POD_NAME";
        valueFrom.fieldRef.fieldPath = "metadata.name";
      }
      {
        name = "RABBITMQ_NODENAME";
        value = "rabbit@$(POD_NAME).${domain}";
      }
      {
        name = "RABBITMQ_USE_LONGNAME";
        value = "true";
      }
      # Its schedulers do not burn processor time while they wait for work, which others on the node need.
      {
        name = "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS";
        value = "+sbwt none +sbwtdcpu none +sbwtdio none";
      }
    ];
    config."/etc/rabbitmq" = {
      "enabled_plugins" = "[rabbitmq_management,rabbitmq_prometheus].\n";
      "rabbitmq.conf" = ''
        listeners.tcp.default = ${lib.port "rabbitmq"}
        management.tcp.port = ${lib.port "rabbitmq-management"}
        prometheus.tcp.port = ${lib.port "rabbitmq-metrics"}
        log.console = true
        log.file = false
        vm_memory_high_watermark.absolute = ${values.brokerMemory}
        disk_free_limit.absolute = 500MB
        ${if clustered then formation else ""}'';
    };
    probes = lib.probes {
      start = 180;
      alive = lib.tcp "amqp";
      ready = lib.tcp "amqp";
    };
  };
}
