# Deployments and StatefulSets from one description of a workload, with what belongs to each: account, configuration,
# Services, policy. How many pods there are and what they may take is in the values, by its name.
#   name, ports, probes, env, args, lifecycle   of its one container, whose image has the workload's name
#   config      directory → { file = text; } of its ConfigMap, mounted read-only
#   shared      ConfigMaps of others that it mounts: { name; at; text; }
#   data        where its volume is mounted, if it keeps anything
#   grace       seconds that it has to stop
{
  metadata,
  network,
  container,
  service,
  values,
}:
let
  settings = workload: values.workloads.${workload.name};
  user = 65532;
  # One volume for each directory of configuration.
  volumeName = directory: "config" + builtins.replaceStrings [ "/" "." ] [ "-" "-" ] directory;
  # Keys of a ConfigMap have no slashes: `conf.d/x` is the key `conf.d_x`.
  keyOf =
    directory: file:
    builtins.replaceStrings [ "/" ] [ "_" ] (builtins.substring 1 255 "${directory}/${file}");

  configData =
    config:
    builtins.listToAttrs (
      builtins.concatLists (
        map (
          directory:
          map (file: {
            name = keyOf directory file;
            value = config.${directory}.${file};
          }) (builtins.attrNames config.${directory})
        ) (builtins.attrNames config)
      )
    );

  configVolume = name: directory: files: {
    name = volumeName directory;
    configMap = {
      inherit name;
      items = map (file: {
        key = keyOf directory file;
        path = file;
      }) (builtins.attrNames files);
    };
  };

  template =
    workload:
    let
      config = workload.config or { };
      shared = workload.shared or [ ];
      directories = builtins.attrNames config;
      mount = name: mountPath: {
        inherit name mountPath;
      };
      readOnly = directory: mount (volumeName directory) directory // { readOnly = true; };
      mounts =
        map readOnly directories
        ++ map (map': mount map'.name map'.at // { readOnly = true; }) shared
        ++ (if workload ? data then [ (mount "data" workload.data) ] else [ ])
        ++ [ (mount "tmp" "/tmp") ];
      texts = builtins.toJSON [
        (configData config)
        (map (map': map'.text) shared)
      ];
      spread = {
        maxSkew = 1;
        topologyKey = "kubernetes.io/hostname";
        whenUnsatisfiable = "ScheduleAnyway";
        labelSelector.matchLabels = metadata.selector workload.name;
      };
    in
    {
      metadata = {
        labels = metadata.labels workload.name;
        # A pod reads its configuration once, when it starts: another one is another pod.
        annotations."observatory/config" = builtins.hashString "sha256" texts;
      };
      spec = {
        serviceAccountName = workload.name;
        automountServiceAccountToken = false;
        enableServiceLinks = false;
        terminationGracePeriodSeconds = workload.grace;
        securityContext = {
          runAsUser = user;
          runAsGroup = user;
          fsGroup = user;
          fsGroupChangePolicy = "OnRootMismatch";
          runAsNonRoot = true;
          seccompProfile.type = "RuntimeDefault";
        };
        containers = [
          (container.container {
            inherit (workload) name ports probes;
            inherit (settings workload) resources;
            env = workload.env or [ ];
            args = workload.args or [ ];
            lifecycle = workload.lifecycle or { };
            inherit mounts;
          })
        ];
        volumes =
          map (directory: configVolume workload.name directory config.${directory}) directories
          ++ map (map': {
            inherit (map') name;
            configMap.name = map'.name;
          }) shared
          ++ [
            {
              name = "tmp";
              emptyDir.sizeLimit = "64Mi";
            }
          ];
      }
      // (if (settings workload).replicas > 1 then { topologySpreadConstraints = [ spread ]; } else { });
    };

  configMaps =
    workload:
    if workload ? config then
      [ (metadata.object "v1" "ConfigMap" workload.name { data = configData workload.config; }) ]
    else
      [ ];

  claim = workload: {
    metadata.name = "data";
    spec = {
      accessModes = [ "ReadWriteOnce" ];
      resources.requests.storage = (settings workload).storage;
    }
    // (if values.storageClass == null then { } else { storageClassName = values.storageClass; });
  };

  serviceAccount =
    name: metadata.object "v1" "ServiceAccount" name { automountServiceAccountToken = false; };

  # Only where there is another one left to serve meanwhile.
  disruptionBudget =
    name: replicas:
    if replicas > 1 then
      [
        (metadata.object "policy/v1" "PodDisruptionBudget" name {
          spec = {
            maxUnavailable = 1;
            # A pod that is broken must not keep a node from being drained.
            unhealthyPodEvictionPolicy = "AlwaysAllow";
            selector.matchLabels = metadata.selector name;
          };
        })
      ]
    else
      [ ];

  around =
    workload: object:
    [ (serviceAccount workload.name) ]
    ++ configMaps workload
    ++ [ object ]
    ++ disruptionBudget workload.name (settings workload).replicas
    ++ service workload
    ++ [ (network.policy workload.name) ];
in
{
  deployment =
    workload:
    around workload (
      metadata.object "apps/v1" "Deployment" workload.name {
        spec = {
          selector.matchLabels = metadata.selector workload.name;
          strategy = {
            type = "RollingUpdate";
            rollingUpdate = {
              maxSurge = 1;
              maxUnavailable = 0;
            };
          };
          template = template workload;
        }
        # How many there are is the autoscaler's to say where there is one.
        // (if (settings workload) ? autoscale then { } else { inherit (settings workload) replicas; });
      }
    );

  statefulSet =
    workload:
    around workload (
      metadata.object "apps/v1" "StatefulSet" workload.name {
        spec = {
          inherit (settings workload) replicas;
          serviceName = "${workload.name}-pods";
          podManagementPolicy = "Parallel";
          selector.matchLabels = metadata.selector workload.name;
          template = template workload;
          volumeClaimTemplates = [ (claim workload) ];
        };
      }
    );
}
