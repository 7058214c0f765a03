{
  title = "Jobs ended";
  description = "Jobs that completed and that failed for good.";
  unit = "ops";
  queries = [
    {
      expr = "sum(rate(processor_jobs_completed_total[1m]))";
      legendFormat = "completed";
    }
    {
      expr = "sum(rate(processor_jobs_failed_total[1m]))";
      legendFormat = "failed";
    }
    {
      expr = "sum(rate(processor_attempts_retried_total[1m]))";
      legendFormat = "tried again";
    }
  ];
}
