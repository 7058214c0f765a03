{
  title = "Duration of requests";
  description = "99 of 100 requests are faster, by service.";
  unit = "s";
  queries = [
    {
      expr = "histogram_quantile(0.99, sum by (le, job) (rate(http_request_duration_seconds_bucket[5m])))";
      legendFormat = "{{job}}";
    }
  ];
}
