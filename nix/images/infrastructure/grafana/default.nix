# It needs no setting up: its settings, source and dashboards are mounted, and its database makes itself.
{ pkgs, image, ... }:
image {
  name = "grafana";
  description = "The dashboards";
  licenses = "AGPL-3.0-only";
  entrypoint = [
    "${pkgs.grafana}/bin/grafana"
    "server"
    "--homepath=${pkgs.grafana}/share/grafana"
    "--config=/etc/grafana/grafana.ini"
  ];
  ports = [ 3000 ];
}
