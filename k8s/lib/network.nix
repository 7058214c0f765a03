# Who may talk to whom. Everything is denied but the arrows of values; each workload has the policy of its own arrows, both
# ways, beside it.
{ metadata, values }:
let
  pods = name: { podSelector.matchLabels = metadata.selector name; };
  anywhere = {
    ipBlock.cidr = "0.0.0.0/0";
  };

  # `outside` is whoever comes in from beyond the cluster, `internet` what jobs may call, `external` a server that the
  # values name by URL, `scaler` KEDA's operator.
  peers =
    name:
    if name == "outside" then
      values.outside
    else if name == "internet" then
      [
        (
          anywhere
          // {
            ipBlock = anywhere.ipBlock // {
              except = values.internetExcept;
            };
          }
        )
      ]
    else if name == "external" then
      [ anywhere ]
    else if name == "scaler" then
      [ { namespaceSelector.matchLabels."kubernetes.io/metadata.name" = "keda"; } ]
    else
      [ (pods name) ];

  port = number: {
    port = number;
    protocol = "TCP";
  };
  ports = numbers: if numbers == [ ] then { } else { ports = map port numbers; };
in
{
  policy =
    name:
    let
      into = builtins.filter (arrow: arrow.to == name) values.arrows;
      out = builtins.filter (arrow: arrow.from == name) values.arrows;
    in
    metadata.object "networking.k8s.io/v1" "NetworkPolicy" name {
      spec = {
        podSelector.matchLabels = metadata.selector name;
        policyTypes = [
          "Ingress"
          "Egress"
        ];
        ingress = map (arrow: { from = peers arrow.from; } // ports arrow.ports) into;
        egress = map (arrow: { to = peers arrow.to; } // ports arrow.ports) out;
      };
    };
}
