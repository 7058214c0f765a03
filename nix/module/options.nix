# What can be said.
{ self }:
{ lib, pkgs, ... }:
let
  inherit (lib) mkOption mkEnableOption types;
  ours = self.packages.${pkgs.stdenv.hostPlatform.system};
  url =
    what: example:
    mkOption {
      type = types.nullOr types.path;
      default = null;
      example = "/run/secrets/${example}";
      description = ''
        A file with the URL of ${what}, which only root needs to be able to read. It may have a password in it, so it
        is not written here.
      '';
    };
in
{
  options.services.observatory = {
    enable = mkEnableOption "Task Observatory, a task platform that you can watch work";

    package = mkOption {
      type = types.package;
      default = ours.observatory;
      defaultText = "the flake's `observatory`";
      description = "The command, which is also the whole observatory in one process.";
    };

    rolesPackage = mkOption {
      type = types.package;
      default = ours.observatory-roles;
      defaultText = "the flake's `observatory-roles`";
      description = "The programs of the roles.";
    };

    shape = mkOption {
      type = types.enum [
        "embedded"
        "services"
      ];
      default = "embedded";
      description = ''
        `embedded`: everything in one process, on one SQLite file. `services`: each role in a unit of its own, on
        RabbitMQ, PostgreSQL, Redis and MongoDB, which are named by `urls`.
      '';
    };

    bind = mkOption {
      type = types.str;
      default = "127.0.0.1";
      description = "The address to listen on. Nothing asks who somebody is: think before you open it to a network.";
    };

    portOffset = mkOption {
      type = types.ints.between 0 50000;
      default = 0;
      description = "Added to every port: gateway 3000, read model 8080, page 8081, metrics 8000 and 8002.";
    };

    openFirewall = mkOption {
      type = types.bool;
      default = false;
      description = "Whether others may reach the gateway, the read model and the page.";
    };

    processors = mkOption {
      type = types.ints.between 1 16;
      default = 1;
      description = "How many processors share the work, in the services shape.";
    };

    concurrency = mkOption {
      type = types.ints.between 1 65535;
      default = 1024;
      description = "How many jobs run at once in each processor.";
    };

    retention = mkOption {
      type = types.strMatching "[0-9]+(ms|s|m|h|d)";
      default = "7d";
      description = "How long ended jobs, events and dead letters are kept.";
    };

    drain = mkOption {
      type = types.ints.between 0 3600;
      default = 5;
      description = "For how many seconds running jobs may go on when a unit is stopped.";
    };

    allowExec = mkOption {
      type = types.attrsOf types.path;
      default = { };
      example = lib.literalExpression ''{ convert = "''${pkgs.imagemagick}/bin/magick"; }'';
      description = "The programs that `exec` jobs may run, under the names that they use.";
    };

    settings = mkOption {
      type = (pkgs.formats.toml { }).type;
      default = { };
      example = {
        log.filter = "warn,processor=debug";
      };
      description = "More settings of the roles, as docs/configuration.md has them; for the services shape.";
    };

    urls = {
      bus = url "RabbitMQ" "rabbitmq-url";
      jobStore = url "PostgreSQL" "postgres-url";
      liveStats = url "Redis" "redis-url";
      eventLog = url "MongoDB or what speaks its protocol" "mongodb-url";
    };
  };
}
