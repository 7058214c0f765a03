# One Ingress for each host, of the class that the cluster has.
{ lib, values }:
let
  inherit (values) ingress;
  route =
    name:
    lib.object "networking.k8s.io/v1" "Ingress" name {
      spec = {
        ingressClassName = ingress.className;
        tls = [
          {
            hosts = [ ingress.hosts.${name} ];
            secretName = ingress.tlsSecret;
          }
        ];
        rules = [
          {
            host = ingress.hosts.${name};
            http.paths = [
              {
                path = "/";
                pathType = "Prefix";
                backend.service = {
                  inherit name;
                  port.name = "http";
                };
              }
            ];
          }
        ];
      };
    };
in
{
  "40-ingress.yaml" = map route (builtins.attrNames ingress.hosts);
}
