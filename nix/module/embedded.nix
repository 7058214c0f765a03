# One unit, one SQLite file.
{ config, lib, ... }:
let
  cfg = config.services.observatory;
  arguments = [
    "up"
    "--data-dir=%S/observatory"
    "--bind=${cfg.bind}"
    "--port-offset=${toString cfg.portOffset}"
    "--concurrency=${toString cfg.concurrency}"
    "--retention=${cfg.retention}"
    "--drain=${toString cfg.drain}s"
  ]
  ++ lib.mapAttrsToList (name: path: "--allow-exec=${name}=${toString path}") cfg.allowExec;
in
{
  config = lib.mkIf (cfg.enable && cfg.shape == "embedded") {
    systemd.services.observatory = {
      description = "Task Observatory";
      wantedBy = [ "multi-user.target" ];
      after = [ "network.target" ];
      serviceConfig = import ./hardening.nix // {
        ExecStart = "${lib.getExe cfg.package} ${lib.escapeShellArgs arguments}";
        DynamicUser = true;
        StateDirectory = "observatory";
        # What runs gets its time, and what ended is recorded.
        TimeoutStopSec = cfg.drain + 15;
      };
    };
  };
}
