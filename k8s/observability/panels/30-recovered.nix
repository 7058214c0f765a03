{
  title = "What was brought back";
  description = "Attempts of workers that died, results that came too late, messages that came twice.";
  unit = "ops";
  queries = [
    {
      expr = "sum(rate(processor_attempts_reaped_total[5m]))";
      legendFormat = "reaped";
    }
    {
      expr = "sum(rate(processor_stale_results_total[5m]))";
      legendFormat = "too late";
    }
    {
      expr = "sum(rate(processor_duplicate_messages_total[5m]))";
      legendFormat = "twice";
    }
  ];
}
