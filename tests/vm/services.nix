# The NixOS module in the services shape, on NixOS's own RabbitMQ, PostgreSQL, Redis and FerretDB.
{ self, ... }:
{
  name = "observatory-services";
  nodes.machine =
    { pkgs, ... }:
    {
      imports = [ self.nixosModules.default ];
      virtualisation = {
        memorySize = 3072;
        diskSize = 8192;
        cores = 2;
      };
      services = {
        rabbitmq.enable = true;
        postgresql = {
          enable = true;
          package = pkgs.postgresql_17;
          ensureDatabases = [ "observatory" ];
          ensureUsers = [
            {
              name = "observatory";
              ensureDBOwnership = true;
              ensureClauses.login = true;
            }
          ];
          # On this machine alone, for the test.
          authentication = "host observatory observatory 127.0.0.1/32 trust";
        };
        redis.servers.observatory = {
          enable = true;
          port = 6379;
        };
        ferretdb.enable = true;
        observatory = {
          enable = true;
          shape = "services";
          processors = 2;
          urls = {
            bus = pkgs.writeText "bus" "amqp://guest:guest@127.0.0.1:5672";
            jobStore = pkgs.writeText "job-store" "postgres://observatory@127.0.0.1:5432/observatory";
            liveStats = pkgs.writeText "live-stats" "redis://127.0.0.1:6379";
            eventLog = pkgs.writeText "event-log" "mongodb://127.0.0.1:27017/observatory";
          };
        };
      };
    };
  testScript = ''
    roles = ["gateway", "processor-1", "processor-2", "metrics-engine", "read-model", "web-ui"]
    ports = [3000, 8000, 8002, 8080, 8081]

    machine.wait_for_unit("rabbitmq.service")
    machine.wait_for_unit("postgresql.target")
    for role in roles:
        machine.wait_for_unit(f"observatory-{role}.service")
    for port in ports:
        machine.wait_until_succeeds(f"curl -sf localhost:{port}/healthz", timeout=120)

    with subtest("the promise under attack"):
        machine.succeed(
            "for n in $(seq 200); do curl -sf localhost:3000/jobs"
            " -H 'content-type: application/json' -d '{\"type\":\"echo\"}' >/dev/null; done"
        )
        machine.succeed("systemctl kill --signal=SIGKILL observatory-processor-1.service")
        machine.succeed("systemctl kill --signal=SIGKILL observatory-metrics-engine.service")
        machine.wait_until_succeeds(
            "curl -sf localhost:8080/stats | grep -q '\"completedJobs\":200'", timeout=120
        )

    with subtest("numbers are exposed"):
        machine.succeed("curl -sf localhost:8000/metrics | grep -q processor_jobs_completed_total")
  '';
}
