# The job store.
{ lib, values }:
let
  ports = [
    {
      name = "postgres";
      port = values.ports.postgres;
    }
  ];
  ready = {
    exec.command = [
      "pg_isready"
      "--quiet"
      "--host=127.0.0.1"
      "--username=observatory"
    ];
  };
in
{
  "10-postgres.yaml" = lib.statefulSet {
    name = "postgres";
    inherit ports;
    data = "/var/lib/postgresql";
    grace = 60;
    env = [
      {
        name = "POSTGRES_USER";
        value = "observatory";
      }
      {
        name = "POSTGRES_DB";
        value = "observatory";
      }
      (lib.fromSecret "POSTGRES_PASSWORD" values.secrets.jobStore "password")
    ];
    config."/etc/postgresql"."postgresql.conf" = ''
      listen_addresses = '*'
      unix_socket_directories = '/tmp'
      max_connections = 100
      shared_buffers = 128MB
      # A 202 stands for a row that is on disk.
      fsync = on
      synchronous_commit = on
      # Connections of roles that are gone end with them.
      tcp_keepalives_idle = 30
      tcp_keepalives_interval = 5
      tcp_keepalives_count = 3
      idle_in_transaction_session_timeout = 30s
      log_min_duration_statement = 500ms
    '';
    probes = lib.probes {
      start = 180;
      alive = lib.tcp "postgres";
      inherit ready;
    };
  };
}
