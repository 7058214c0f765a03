# The generated files, by the tools of those who read them.
{
  lib,
  pkgs,
  packages,
  roles,
  ...
}:
let
  on =
    name: tools: text:
    pkgs.runCommand "check-${name}" { nativeBuildInputs = tools; } "${text}\ntouch $out";
  # The files of a ConfigMap of the small profile, by their keys.
  objects = builtins.concatLists (builtins.attrValues (import ../../k8s { profile = "kind"; }).files);
  isMap = name: object: object.kind == "ConfigMap" && object.metadata.name == name;
  data = name: (lib.findFirst (isMap name) (throw "no ConfigMap ${name}") objects).data;
  config = name: key: pkgs.writeText key (data name).${key};
  rules = lib.filter (lib.hasPrefix "etc_prometheus_rules_") (builtins.attrNames (data "prometheus"));
  # Names of servers are looked up when nginx starts; here there are none to find.
  somewhere = builtins.replaceStrings (map (name: "http://${name}:") edges) (
    map (_: "http://127.0.0.1:") edges
  );
  edges = [
    "web-ui"
    "gateway"
    "read-model"
    "grafana"
    "prometheus"
    "alertmanager"
    "rabbitmq"
  ];
  environment = ''
    export RABBITMQ_URL=amqp://u:p@rabbitmq POSTGRES_URL=postgres://u:p@postgres/o
    export REDIS_URL=redis://:p@redis MONGO_URL=mongodb://mongodb/o
  '';
in
{
  prometheus-config = on "prometheus-config" [ pkgs.prometheus.cli ] ''
    promtool check config --syntax-only ${config "prometheus" "etc_prometheus_prometheus.yml"}
    ${lib.concatMapStringsSep "\n" (key: "promtool check rules ${config "prometheus" key}") rules}
  '';
  alertmanager-config = on "alertmanager-config" [ pkgs.prometheus-alertmanager ] ''
    amtool check-config ${config "alertmanager" "etc_alertmanager_alertmanager.yml"}
  '';
  edge-config = on "edge-config" [ pkgs.nginx ] ''
    nginx -t -e /dev/stderr -c ${
      pkgs.writeText "nginx.conf" (somewhere (data "edge")."etc_nginx_nginx.conf")
    }
  '';
  services-config = on "services-config" (map (name: packages.${name}) roles) ''
    ${environment}
    for role in ${toString roles}; do
      observatory-$role --config ${config "observatory" "observatory.toml"} check-config
    done
  '';
  lint = on "lint" [ pkgs.kube-linter ] ''
    kube-linter lint --config ${../../k8s/kube-linter.yaml} ${../../k8s/rendered}
  '';
}
