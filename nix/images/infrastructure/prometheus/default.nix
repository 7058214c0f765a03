# It needs no setting up: what it is told is in its arguments and its mounted file.
{ pkgs, image, ... }:
image {
  name = "prometheus";
  description = "The watcher of numbers";
  licenses = "Apache-2.0";
  entrypoint = [ "${pkgs.prometheus}/bin/prometheus" ];
  ports = [ 9090 ];
}
