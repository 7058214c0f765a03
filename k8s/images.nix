# The images of a release, by version. The flake passes tags of its own, made of what is in them, so that a changed image
# rolls out.
let
  cargo = builtins.fromTOML (builtins.readFile ../Cargo.toml);
  version = cargo.workspace.package.version;
  names = [
    "gateway"
    "processor"
    "metrics-engine"
    "read-model"
    "web-ui"
    "rabbitmq"
    "postgres"
    "redis"
    "ferretdb"
    "prometheus"
    "alertmanager"
    "grafana"
    "edge"
  ];
  named = name: {
    inherit name;
    value = "observatory/${name}:${version}";
  };
in
builtins.listToAttrs (map named names)
