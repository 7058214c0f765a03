# A unit for each role. They start whether their servers are there or not, and connect when they are.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.services.observatory;
  file = (pkgs.formats.toml { }).generate "observatory.toml" (
    lib.recursiveUpdate {
      listen.address = cfg.bind;
      log.format = "json";
      shutdown.drain = "${toString cfg.drain}s";
      retention.keep = cfg.retention;
      processor = {
        inherit (cfg) concurrency;
        allow_exec = lib.mapAttrsToList (name: path: "${name}=${toString path}") cfg.allowExec;
      };
      web_ui = {
        gateway_url = "http://127.0.0.1:${toString (3000 + cfg.portOffset)}";
        read_model_url = "http://127.0.0.1:${toString (8080 + cfg.portOffset)}";
      };
    } cfg.settings
  );

  variables = {
    bus = "RABBITMQ_URL";
    jobStore = "POSTGRES_URL";
    liveStats = "REDIS_URL";
    eventLog = "MONGO_URL";
  };

  unit =
    {
      role,
      port,
      needs,
      name ? role,
    }:
    lib.nameValuePair "observatory-${name}" {
      description = "Task Observatory: ${name}";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      # URLs are read by the unit alone, from files that systemd hands it.
      script = ''
        ${lib.concatMapStringsSep "\n" (
          server: ''export ${variables.${server}}="$(< "$CREDENTIALS_DIRECTORY/${server}")"''
        ) needs}
        exec ${cfg.rolesPackage}/bin/observatory-${role}
      '';
      environment = {
        OBSERVATORY_CONFIG = "${file}";
        OBSERVATORY_INSTANCE = "%H-${name}";
        OBSERVATORY_LISTEN_PORT = toString (port + cfg.portOffset);
      };
      serviceConfig = import ./hardening.nix // {
        DynamicUser = true;
        # `toString`: a path must not be copied into the store, where everybody reads it.
        LoadCredential = map (server: "${server}:${toString cfg.urls.${server}}") needs;
        TimeoutStopSec = cfg.drain + 15;
      };
    };

  processor =
    number:
    unit {
      role = "processor";
      name = "processor-${toString number}";
      # The ports that `observatory up` gives further processors.
      port = if number == 1 then 8000 else 8009 + number;
      needs = [
        "bus"
        "jobStore"
      ];
    };

  all = [
    "bus"
    "jobStore"
    "liveStats"
    "eventLog"
  ];
  roles = [
    (unit {
      role = "gateway";
      port = 3000;
      needs = [
        "bus"
        "jobStore"
        "eventLog"
      ];
    })
    (unit {
      role = "metrics-engine";
      port = 8002;
      needs = all;
    })
    (unit {
      role = "read-model";
      port = 8080;
      needs = all;
    })
    (unit {
      role = "web-ui";
      port = 8081;
      needs = [ ];
    })
  ]
  ++ map processor (lib.range 1 cfg.processors);
in
{
  config = lib.mkIf (cfg.enable && cfg.shape == "services") {
    systemd.services = builtins.listToAttrs roles;
  };
}
