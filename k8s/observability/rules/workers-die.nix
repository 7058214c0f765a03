{
  alert = "WorkersDie";
  expr = "sum(increase(processor_attempts_reaped_total[10m])) > 0";
  for = "0m";
  labels.severity = "warning";
  annotations = {
    summary = "attempts of a dead worker were taken over";
    description = "A processor was killed or hung. Jobs are not lost; its log or its memory limit says why.";
  };
}
