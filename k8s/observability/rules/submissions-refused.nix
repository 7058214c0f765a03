{
  alert = "SubmissionsRefused";
  expr = ''sum(rate(http_request_duration_seconds_count{job="gateway",status=~"5.."}[5m])) > 0'';
  for = "5m";
  labels.severity = "warning";
  annotations = {
    summary = "the gateway answers with errors of the server";
    description = "Its log says why; GET /readyz says what it misses.";
  };
}
