# One container: as little right as possible, and limits on everything.
{ images }:
{
  # An environment variable that a Secret has.
  fromSecret = name: secret: key: {
    inherit name;
    valueFrom.secretKeyRef = {
      name = secret;
      inherit key;
    };
  };

  tcp = port: { tcpSocket = { inherit port; }; };
  http = path: port: { httpGet = { inherit path port; }; };

  # Started: it may take `start` seconds until it answers for the first time. Alive: restarted when it has not answered for
  # half a minute. Ready: taken out of its Service while it says that it cannot serve.
  probes =
    {
      start,
      alive,
      ready,
    }:
    {
      startupProbe = alive // {
        periodSeconds = 2;
        timeoutSeconds = 2;
        failureThreshold = start / 2;
      };
      livenessProbe = alive // {
        periodSeconds = 10;
        timeoutSeconds = 5;
        failureThreshold = 3;
      };
      readinessProbe = ready // {
        periodSeconds = 5;
        timeoutSeconds = 3;
        failureThreshold = 2;
      };
    };

  container =
    {
      name,
      resources,
      ports,
      probes,
      env ? [ ],
      args ? [ ],
      mounts ? [ ],
      lifecycle ? { },
    }:
    {
      inherit name env;
      image = images.${name};
      imagePullPolicy = "IfNotPresent";
      ports = map (port: {
        inherit (port) name;
        containerPort = port.port;
        protocol = "TCP";
      }) ports;
      resources = {
        requests = {
          inherit (resources) cpu memory;
          ephemeral-storage = "64Mi";
        };
        limits = {
          cpu = resources.cpuLimit;
          inherit (resources) memory;
          # What is below /tmp, and the log.
          ephemeral-storage = "256Mi";
        };
      };
      securityContext = {
        allowPrivilegeEscalation = false;
        capabilities.drop = [ "ALL" ];
        readOnlyRootFilesystem = true;
        runAsNonRoot = true;
      };
      volumeMounts = mounts;
    }
    // probes
    // (if args == [ ] then { } else { inherit args; })
    // (if lifecycle == { } then { } else { inherit lifecycle; });
}
