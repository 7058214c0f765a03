# A service: one static program, and the authorities that it knows servers by.
{
  lib,
  pkgs,
  packages,
  image,
  ...
}:
name:
{ port }:
image {
  inherit name;
  description = "The ${name} of Task Observatory";
  entrypoint = [ (lib.getExe packages.${name}) ];
  ports = [ port ];
  contents = [ pkgs.dockerTools.caCertificates ];
  env = [
    # Alone in its network, it listens to whoever gets there.
    "OBSERVATORY_BIND=0.0.0.0"
    "SSL_CERT_FILE=/etc/ssl/certs/ca-bundle.crt"
  ];
}
