# Alerts are grouped by what they are about. Whom they are sent to is its operator's to say: until then they are shown.
{ lib, values }:
let
  ports = [
    {
      name = "http";
      port = values.ports.alertmanager;
      access = "alertmanager";
    }
  ];
  config = {
    route = {
      receiver = "shown";
      group_by = [
        "alertname"
        "job"
      ];
      group_wait = "10s";
      group_interval = "1m";
      repeat_interval = "4h";
    };
    receivers = [ { name = "shown"; } ];
    # A broker that is away explains whatever else is wrong.
    inhibit_rules = [
      {
        source_matchers = [ ''alertname="BrokerDown"'' ];
        target_matchers = [ ''severity="warning"'' ];
      }
    ];
  };
in
{
  "30-alertmanager.yaml" = lib.statefulSet {
    name = "alertmanager";
    inherit ports;
    data = "/var/lib/alertmanager";
    grace = 30;
    args = [
      "--config.file=/etc/alertmanager/alertmanager.yml"
      "--storage.path=/var/lib/alertmanager"
      "--web.listen-address=:${lib.port "alertmanager"}"
      # One node needs no gossip.
      "--cluster.listen-address="
    ];
    config."/etc/alertmanager"."alertmanager.yml" = builtins.toJSON config + "\n";
    probes = lib.probes {
      start = 60;
      alive = lib.http "/-/healthy" "http";
      ready = lib.http "/-/ready" "http";
    };
  };
}
