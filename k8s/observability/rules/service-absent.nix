{
  alert = "ServiceAbsent";
  expr = ''absent(up{job="gateway"}) or absent(up{job="processor"}) or absent(up{job="metrics-engine"}) or absent(up{job="read-model"}) or absent(up{job="web-ui"})'';
  for = "2m";
  labels.severity = "critical";
  annotations = {
    summary = "no {{ $labels.job }} is there";
    description = "Not one pod of it is found by name. Look at its Deployment.";
  };
}
