# The NixOS module in its smallest shape: one process on SQLite. Jobs outlive a crash of the process and of the machine.
{ self, ... }:
{
  name = "observatory-embedded";
  nodes.machine = {
    imports = [ self.nixosModules.default ];
    services.observatory.enable = true;
    virtualisation.diskSize = 4096;
  };
  testScript = ''
    import json

    def submit(kind, payload):
        body = json.dumps({"type": kind, "payload": payload})
        answer = machine.succeed(
            f"curl -sf localhost:3000/jobs -H 'content-type: application/json' -d '{body}'"
        )
        return json.loads(answer)["jobId"]

    def completed(job):
        machine.wait_until_succeeds(
            f"curl -sf localhost:8080/jobs/{job} | grep -q '\"status\":\"COMPLETED\"'", timeout=60
        )

    machine.wait_for_unit("observatory.service")
    machine.wait_until_succeeds("curl -sf localhost:3000/readyz")

    with subtest("a job completes"):
        completed(submit("echo", {"hello": "world"}))

    with subtest("a job outlives the process"):
        job = submit("sleep", {"ms": 3000})
        machine.succeed("systemctl kill --signal=SIGKILL observatory.service")
        machine.wait_until_succeeds("curl -sf localhost:3000/readyz")
        completed(job)

    with subtest("a job outlives the machine"):
        job = submit("sleep", {"ms": 20000})
        machine.crash()
        machine.start()
        machine.wait_for_unit("observatory.service")
        completed(job)

    with subtest("the unit may do little"):
        exposure = machine.succeed("systemd-analyze security observatory.service --no-pager | tail -n 1")
        machine.log(exposure)
        machine.fail("systemctl show observatory.service --property=User | grep -qx User=root")
  '';
}
