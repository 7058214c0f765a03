# As many processors as jobs wait; needs KEDA. The numbers are those of the read model, so no password of the broker is
# needed.
{ lib, workload }:
[
  (lib.object "keda.sh/v1alpha1" "ScaledObject" "processor" {
    spec = {
      scaleTargetRef.name = "processor";
      minReplicaCount = workload.autoscale.least;
      maxReplicaCount = workload.autoscale.most;
      cooldownPeriod = 300;
      triggers = [
        {
          type = "prometheus";
          metadata = {
            serverAddress = "http://prometheus.observatory.svc:9090";
            query = ''max(sum by (instance) (observatory_queue_messages{queue=~"jobs\\.created.*",state="ready"}))'';
            threshold = "2000";
          };
        }
        {
          type = "cpu";
          metricType = "Utilization";
          metadata.value = "70";
        }
      ];
    };
  })
]
