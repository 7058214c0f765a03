{
  title = "Duration of attempts";
  description = "How long handlers take.";
  unit = "s";
  queries = [
    {
      expr = "histogram_quantile(0.5, sum by (le) (rate(processor_job_processing_seconds_bucket[5m])))";
      legendFormat = "p50";
    }
    {
      expr = "histogram_quantile(0.99, sum by (le) (rate(processor_job_processing_seconds_bucket[5m])))";
      legendFormat = "p99";
    }
  ];
}
