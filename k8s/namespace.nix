# The namespace, in which nothing may talk to anything, and pods of the strictest sort only. DNS is everybody's.
{ lib, values }:
let
  strict = {
    "pod-security.kubernetes.io/enforce" = "restricted";
    "pod-security.kubernetes.io/audit" = "restricted";
    "pod-security.kubernetes.io/warn" = "restricted";
  };
  policy = name: spec: lib.object "networking.k8s.io/v1" "NetworkPolicy" name { inherit spec; };
  dns = protocol: {
    port = 53;
    inherit protocol;
  };
in
{
  "00-namespace.yaml" = [
    {
      apiVersion = "v1";
      kind = "Namespace";
      metadata = {
        name = values.namespace;
        labels = lib.labels "observatory" // strict;
      };
    }
    (policy "deny-all" {
      podSelector = { };
      policyTypes = [
        "Ingress"
        "Egress"
      ];
    })
    (policy "allow-dns" {
      podSelector = { };
      policyTypes = [ "Egress" ];
      egress = [
        {
          to = [
            {
              namespaceSelector.matchLabels."kubernetes.io/metadata.name" = "kube-system";
              podSelector.matchLabels.k8s-app = "kube-dns";
            }
          ];
          ports = [
            (dns "UDP")
            (dns "TCP")
          ];
        }
      ];
    })
  ];
}
