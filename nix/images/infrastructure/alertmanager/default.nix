# It needs no setting up: what it is told is in its arguments and its mounted file.
{ pkgs, image, ... }:
image {
  name = "alertmanager";
  description = "The watcher of alerts";
  licenses = "Apache-2.0";
  entrypoint = [ "${pkgs.prometheus-alertmanager}/bin/alertmanager" ];
  ports = [ 9093 ];
}
