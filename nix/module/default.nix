# `services.observatory`: the whole observatory in one process, or each role in a unit of its own on servers that are named.
{ self }:
{
  config,
  lib,
  ...
}:
let
  cfg = config.services.observatory;
in
{
  imports = [
    (import ./options.nix { inherit self; })
    ./embedded.nix
    ./services.nix
  ];
  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = cfg.shape == "services" -> lib.all (url: url != null) (builtins.attrValues cfg.urls);
        message = "services.observatory.urls: the services shape needs the bus, the job store, the live stats and the event log.";
      }
    ];
    environment.systemPackages = [ cfg.package ];
    networking.firewall.allowedTCPPorts = lib.mkIf cfg.openFirewall (
      map (port: port + cfg.portOffset) [
        3000
        8080
        8081
      ]
    );
  };
}
