# As many processors as jobs wait; needs KEDA. The numbers are those of the read model, so no password of the broker is
# needed.
{
  lib,
  values,
  workload,
}:
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
            serverAddress = "http://prometheus.${values.namespace}.svc:${toString values.ports.prometheus}";
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
