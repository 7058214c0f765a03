# Grafana with one source and one folder, both of which it reads at start; what people change in it is not kept there.
{ lib, values }:
let
  ports = [
    {
      name = "http";
      port = values.ports.grafana;
      access = "grafana";
    }
  ];
  home = "/etc/grafana/dashboards/overview.json";
  settings = {
    server.http_port = values.ports.grafana;
    paths = {
      data = "/var/lib/grafana";
      logs = "/var/lib/grafana/log";
      plugins = "/var/lib/grafana/plugins";
      provisioning = "/etc/grafana/provisioning";
    };
    log.mode = "console";
    dashboards.default_home_dashboard_path = home;
    analytics = {
      reporting_enabled = false;
      check_for_updates = false;
      check_for_plugin_updates = false;
    };
    # Whoever reaches it may look.
    "auth.anonymous" = {
      enabled = true;
      org_role = "Viewer";
    };
    users.allow_sign_up = false;
    plugins.preinstall_disabled = true;
  };
  source = {
    apiVersion = 1;
    datasources = [
      {
        name = "Prometheus";
        uid = "prometheus";
        type = "prometheus";
        access = "proxy";
        url = lib.url "prometheus";
        isDefault = true;
        jsonData.timeInterval = "10s";
      }
    ];
  };
  folder = {
    apiVersion = 1;
    providers = [
      {
        name = "observatory";
        type = "file";
        allowUiUpdates = false;
        options.path = "/etc/grafana/dashboards";
      }
    ];
  };
in
{
  "30-grafana.yaml" = lib.statefulSet {
    name = "grafana";
    inherit ports;
    data = "/var/lib/grafana";
    grace = 30;
    env = [
      (lib.fromSecret "GF_SECURITY_ADMIN_PASSWORD" values.secrets.grafana "admin-password")
      (lib.fromSecret "GF_SECURITY_SECRET_KEY" values.secrets.grafana "secret-key")
    ];
    config = {
      "/etc/grafana"."grafana.ini" = lib.ini settings;
      "/etc/grafana/provisioning/datasources"."prometheus.yaml" = builtins.toJSON source + "\n";
      "/etc/grafana/provisioning/dashboards"."observatory.yaml" = builtins.toJSON folder + "\n";
      "/etc/grafana/dashboards"."overview.json" = builtins.toJSON (import ./dashboard.nix) + "\n";
    };
    probes = lib.probes {
      start = 120;
      alive = lib.http "/api/health" "http";
      ready = lib.http "/api/health" "http";
    };
  };
}
