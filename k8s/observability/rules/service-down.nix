{
  alert = "ServiceDown";
  expr = "up == 0";
  for = "1m";
  labels.severity = "critical";
  annotations = {
    summary = "{{ $labels.job }} at {{ $labels.instance }} does not answer";
    description = "Prometheus has not reached its metrics for a minute. Look at the pod's state and log.";
  };
}
