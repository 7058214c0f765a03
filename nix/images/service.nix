# A service: one static program, and the authorities that it knows servers by.
{
  lib,
  pkgs,
  packages,
  image,
  ...
}:
name:
image {
  inherit name;
  description = "The ${name} of Task Observatory";
  entrypoint = [ (lib.getExe packages.${name}) ];
  # The same that the cluster expects.
  ports = [ (import ../../k8s/values/base.nix).ports.${name} ];
  contents = [ pkgs.dockerTools.caCertificates ];
  env = [
    # Alone in its network, it listens to whoever gets there.
    "OBSERVATORY_BIND=0.0.0.0"
    "SSL_CERT_FILE=/etc/ssl/certs/ca-bundle.crt"
  ];
}
