# As many pods as their processors are busy.
{
  lib,
  name,
  workload,
}:
[
  (lib.object "autoscaling/v2" "HorizontalPodAutoscaler" name {
    spec = {
      scaleTargetRef = {
        apiVersion = "apps/v1";
        kind = "Deployment";
        inherit name;
      };
      minReplicas = workload.autoscale.least;
      maxReplicas = workload.autoscale.most;
      metrics = [
        {
          type = "Resource";
          resource = {
            name = "cpu";
            target = {
              type = "Utilization";
              averageUtilization = 70;
            };
          };
        }
      ];
      # A lull of some minutes is no reason to drain pods.
      behavior.scaleDown.stabilizationWindowSeconds = 300;
    };
  })
]
