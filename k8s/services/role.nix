# A role: a Deployment of our own image, told of its servers by Secrets and of everything else by the one file.
{
  lib,
  values,
  config,
}:
let
  directory = "/etc/observatory";
  # Endpoints forget a pod that is going away a moment after it was told to; until then requests still come.
  farewell = 3;
in
{
  name,
  secrets,
  env ? [ ],
}:
let
  workload = values.workloads.${name};
  ports = [
    {
      name = "http";
      port = values.ports.${name};
      access = name;
    }
  ];
  scaler =
    if !(workload ? autoscale) then
      [ ]
    else if values.keda && name == "processor" then
      import ./backlog.nix { inherit lib values workload; }
    else
      import ./autoscaler.nix { inherit lib name workload; };
in
{
  "20-${name}.yaml" =
    lib.deployment {
      inherit name ports;
      grace = farewell + values.drain + values.stop + 2;
      lifecycle.preStop.sleep.seconds = farewell;
      env = [
        {
          name = "OBSERVATORY_CONFIG";
          value = "${directory}/observatory.toml";
        }
        {
          name = "OBSERVATORY_INSTANCE";
          valueFrom.fieldRef.fieldPath = "metadata.name";
        }
      ]
      ++ secrets
      ++ env;
      shared = [
        {
          inherit (config) name text;
          at = directory;
        }
      ];
      probes = lib.probes {
        start = 30;
        alive = lib.http "/livez" "http";
        ready = lib.http "/readyz" "http";
      };
    }
    ++ scaler;
}
