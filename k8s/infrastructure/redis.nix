# Live stats. They can be rebuilt, so a lost second of them costs nothing.
{ lib, values }:
let
  ports = [
    {
      name = "redis";
      port = values.ports.redis;
    }
  ];
in
{
  "10-redis.yaml" = lib.statefulSet {
    name = "redis";
    inherit ports;
    data = "/var/lib/redis";
    grace = 30;
    env = [
      (lib.fromSecret "REDIS_PASSWORD" values.secrets.liveStats "password")
      (lib.fromSecret "REDISCLI_AUTH" values.secrets.liveStats "password")
    ];
    config."/etc/redis"."redis.conf" = ''
      port ${lib.port "redis"}
      dir /var/lib/redis
      appendonly yes
      appendfsync everysec
      maxmemory 96mb
      # Counters are never dropped in silence: writes fail, and the metrics engine waits.
      maxmemory-policy noeviction
    '';
    probes = lib.probes {
      start = 60;
      alive = lib.tcp "redis";
      ready.exec.command = [
        "redis-cli"
        "ping"
      ];
    };
  };
}
