{
  alert = "BacklogGrows";
  expr = ''max by (queue) (observatory_queue_messages{queue=~"jobs\\.created.*",state="ready"}) > 10000 and max by (queue) (deriv(observatory_queue_messages{queue=~"jobs\\.created.*",state="ready"}[10m])) > 0'';
  for = "10m";
  labels.severity = "warning";
  annotations = {
    summary = "{{ $labels.queue }} has {{ $value }} jobs and grows";
    description = "More comes in than processors run. Add processors, or look at what takes long.";
  };
}
