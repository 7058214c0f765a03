# Prometheus finds every pod of every service by the names of headless Services: nobody needs a token for that.
{ lib, values }:
let
  ports = [
    {
      name = "http";
      port = values.ports.prometheus;
      access = "prometheus";
    }
  ];
  # Service → port of its metrics.
  watched = {
    inherit (values.ports)
      gateway
      processor
      metrics-engine
      read-model
      web-ui
      alertmanager
      ;
    rabbitmq = values.ports.rabbitmq-metrics;
  };
  job = name: {
    job_name = name;
    dns_sd_configs = [
      {
        names = [ "${name}-pods.${values.namespace}.svc.cluster.local" ];
        type = "A";
        port = watched.${name};
        refresh_interval = "10s";
      }
    ];
  };
  rules = import ./rules.nix;
  ruleFile = name: {
    name = "${name}.yaml";
    value = builtins.toJSON rules.${name} + "\n";
  };
  config = {
    global = {
      scrape_interval = "10s";
      scrape_timeout = "5s";
      evaluation_interval = "10s";
    };
    rule_files = [ "/etc/prometheus/rules/*.yaml" ];
    alerting.alertmanagers = [
      { static_configs = [ { targets = [ "alertmanager:${lib.port "alertmanager"}" ]; } ]; }
    ];
    scrape_configs = map job (builtins.attrNames watched) ++ [
      {
        job_name = "prometheus";
        static_configs = [ { targets = [ "localhost:${lib.port "prometheus"}" ]; } ];
      }
    ];
  };
in
{
  "30-prometheus.yaml" = lib.statefulSet {
    name = "prometheus";
    inherit ports;
    data = "/var/lib/prometheus";
    grace = 60;
    args = [
      "--config.file=/etc/prometheus/prometheus.yml"
      "--storage.tsdb.path=/var/lib/prometheus"
      "--storage.tsdb.retention.time=7d"
      "--storage.tsdb.retention.size=3GB"
      "--web.listen-address=:${lib.port "prometheus"}"
    ];
    config = {
      "/etc/prometheus"."prometheus.yml" = builtins.toJSON config + "\n";
      "/etc/prometheus/rules" = builtins.listToAttrs (map ruleFile (builtins.attrNames rules));
    };
    probes = lib.probes {
      start = 120;
      alive = lib.http "/-/healthy" "http";
      ready = lib.http "/-/ready" "http";
    };
  };
}
