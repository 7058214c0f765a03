{
  alert = "BrokerDown";
  expr = ''max(up{job="rabbitmq"}) == 0 or absent(up{job="rabbitmq"})'';
  for = "30s";
  labels.severity = "critical";
  annotations = {
    summary = "the broker does not answer";
    description = "Submissions are answered with 503 until it is back; what was accepted is kept.";
  };
}
