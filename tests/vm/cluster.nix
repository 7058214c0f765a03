# The manifests of the small profile and this flake's images on k3s, without a network.
{
  lib,
  pkgs,
  images,
  packages,
  ...
}:
let
  used = removeAttrs images [ "mongodb" ];
  # Archives are imported by their names, which have to differ.
  archives = lib.mapAttrsToList (
    name: image: pkgs.runCommand "observatory-${name}.tar.gz" { } "ln -s ${image} $out"
  ) used;
in
{
  name = "observatory-cluster";
  globalTimeout = 3600;
  nodes.machine =
    { config, pkgs, ... }:
    {
      virtualisation = {
        cores = 4;
        memorySize = 8192;
        diskSize = 32768;
      };
      environment.systemPackages = [
        pkgs.kubectl
        packages.observatory
      ];
      environment.sessionVariables.KUBECONFIG = "/etc/rancher/k3s/k3s.yaml";
      services.k3s = {
        enable = true;
        role = "server";
        disable = [
          "traefik"
          "metrics-server"
          "servicelb"
        ];
        images = [ config.services.k3s.package.airgap-images ] ++ archives;
      };
    };
  testScript = ''
    machine.wait_for_unit("k3s.service")
    machine.wait_until_succeeds("kubectl get serviceaccount default")
    machine.wait_until_succeeds("kubectl -n kube-system rollout status deploy/coredns --timeout=10s")
    machine.succeed(
        "observatory up --target cluster --manifests ${packages.manifests} --context default >&2"
    )
    machine.succeed("observatory status --manifests ${packages.manifests} --context default >&2")

    with subtest("a job goes all the way"):
        gateway = machine.succeed(
            "kubectl -n observatory get service gateway -o jsonpath='{.spec.clusterIP}'"
        ).strip()
        read_model = machine.succeed(
            "kubectl -n observatory get service read-model -o jsonpath='{.spec.clusterIP}'"
        ).strip()
        machine.succeed(
            f"curl -sf http://{gateway}:3000/jobs -H 'content-type: application/json'"
            " -d '{\"type\":\"echo\",\"payload\":1}'"
        )
        machine.wait_until_succeeds(
            f"curl -sf http://{read_model}:8080/stats | grep -q '\"completedJobs\":1'", timeout=120
        )

    with subtest("nobody talks to whom they need not"):
        machine.fail(
            "kubectl -n observatory exec deploy/edge -- timeout 5 bash -c '</dev/tcp/postgres/5432'"
        )
  '';
}
