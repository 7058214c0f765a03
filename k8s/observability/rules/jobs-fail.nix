{
  alert = "JobsFail";
  expr = "sum(rate(processor_jobs_failed_total[10m])) / clamp_min(sum(rate(processor_jobs_processed_total[10m])), 0.01) > 0.2";
  for = "10m";
  labels.severity = "warning";
  annotations = {
    summary = "{{ $value | humanizePercentage }} of jobs fail";
    description = "GET /errors of the read model groups them by cause.";
  };
}
